//! Loops over many bytes, compiled for the vectors that the machine has.
//!
//! In: a loop that the compiler can vectorise. Out: what it gives. With the feature `simd` there is a second
//! copy of it, compiled for AVX2, which runs where the processor has that; without, or where the target has
//! no such choice, there is only the loop itself.

/// Asking the processor and calling a function costs about as much as this many bytes.
#[cfg(all(feature = "simd", target_arch = "x86_64"))]
const WORTHWHILE: usize = 160;

/// A loop. A trait rather than a closure, since [`Loop::run`] is always inlined where it is called: a closure that is
/// called in two places is often in neither, and then there is no second copy of it.
pub(crate) trait Loop {
    /// What it gives.
    type Output;

    /// Runs it. Implementations are `#[inline(always)]`.
    fn run(self) -> Self::Output;
}

/// Runs a loop over `bytes` bytes.
#[inline]
pub(crate) fn vectorized<L: Loop>(bytes: usize, work: L) -> L::Output {
    #[cfg(all(feature = "simd", target_arch = "x86_64"))]
    if bytes >= WORTHWHILE
        && let Some(avx2) = fearless_simd::Level::new().as_avx2()
    {
        return fearless_simd::Simd::vectorize(avx2, || work.run());
    }
    let _ = bytes;
    work.run()
}
