//! Loops over many bytes, compiled for the vectors that the machine has.
//!
//! In: a loop that the compiler can vectorise. Out: what it gives. With the feature `simd` there is a second
//! copy of it, compiled for AVX2, which runs where the processor has that; without, or where the target has
//! no such choice, there is only the loop itself.

/// Asking the processor and calling a function costs about as much as this many bytes.
#[cfg(all(feature = "simd", target_arch = "x86_64"))]
const WORTHWHILE: usize = 160;

/// Runs a loop over `bytes` bytes.
#[inline]
pub(crate) fn vectorized<R>(bytes: usize, work: impl FnOnce() -> R) -> R {
    #[cfg(all(feature = "simd", target_arch = "x86_64"))]
    if bytes >= WORTHWHILE
        && let Some(avx2) = fearless_simd::Level::new().as_avx2()
    {
        return fearless_simd::Simd::vectorize(avx2, work);
    }
    let _ = bytes;
    work()
}
