//! Text in its encodings: its type in views, its length, and how it is tested and written.
//!
//! In: an encoding, and how code refers to a text. Out: types, paths of functions, statements. How far a
//! text reaches is up to the caller.

use packet_schema::layout::{Encoding, Endian};
use proc_macro2::TokenStream;
use quote::quote;

/// Whether a text is a `str` on the wire.
const fn is_str(encoding: Encoding) -> bool {
    matches!(encoding, Encoding::Utf8 | Encoding::Ascii)
}

/// How code units of UTF-16 are read.
fn unit(endian: Endian) -> TokenStream {
    match endian {
        Endian::Big => quote! { ::packet_runtime::Be<u16> },
        Endian::Little => quote! { ::packet_runtime::Le<u16> },
    }
}

/// The type of a text in views.
pub(super) fn view_type(encoding: Encoding) -> TokenStream {
    match encoding {
        Encoding::Utf8 | Encoding::Ascii => quote! { &'a str },
        Encoding::Latin1 => quote! { ::packet_runtime::Latin1<'a> },
        Encoding::Utf16(endian) => {
            let unit = unit(endian);
            quote! { ::packet_runtime::Utf16<'a, #unit> }
        }
    }
}

/// The function that makes a text of bytes, or says where they are wrong.
pub(super) fn of_bytes(encoding: Encoding) -> TokenStream {
    match encoding {
        Encoding::Utf8 => quote! { rt::text::utf8 },
        Encoding::Ascii => quote! { rt::text::ascii },
        Encoding::Latin1 => quote! { rt::text::latin1 },
        Encoding::Utf16(endian) => {
            let unit = unit(endian);
            quote! { rt::text::utf16::<#unit> }
        }
    }
}

/// [`of_bytes`] for what stays bytes.
pub(super) fn of_bytes_as_bytes(encoding: Encoding) -> TokenStream {
    if encoding == Encoding::Ascii {
        quote! { rt::text::ascii_bytes }
    } else {
        quote! { rt::text::utf8_bytes }
    }
}

/// The function that reads a text of a known length, which may stay bytes.
pub(super) fn counted(encoding: Encoding, as_bytes: bool) -> TokenStream {
    match encoding {
        Encoding::Utf8 if as_bytes => quote! { decode::utf8_bytes },
        Encoding::Ascii if as_bytes => quote! { decode::ascii_bytes },
        Encoding::Utf8 => quote! { decode::utf8 },
        Encoding::Ascii => quote! { decode::ascii },
        Encoding::Latin1 => quote! { decode::latin1 },
        Encoding::Utf16(endian) => {
            let unit = unit(endian);
            quote! { decode::utf16::<#unit> }
        }
    }
}

/// The text that `bytes` are, of an encoding whose texts are no `str`.
pub(super) fn untested(encoding: Encoding, bytes: &TokenStream) -> TokenStream {
    if let Encoding::Utf16(_) = encoding {
        quote! { ::packet_runtime::Utf16::new(#bytes) }
    } else {
        quote! { ::packet_runtime::Latin1::new(#bytes) }
    }
}

/// The function that makes a text of bytes which NULs pad, or says where they are wrong.
pub(super) fn padded(encoding: Encoding) -> TokenStream {
    match encoding {
        Encoding::Utf8 => quote! { decode::padded_utf8 },
        Encoding::Ascii => quote! { decode::padded_ascii },
        Encoding::Latin1 => quote! { decode::padded_latin1 },
        Encoding::Utf16(endian) => {
            let unit = unit(endian);
            quote! { decode::padded_utf16::<#unit> }
        }
    }
}

/// How many bytes the text `place` has.
pub(super) fn len(encoding: Encoding, place: &TokenStream) -> TokenStream {
    match encoding {
        Encoding::Utf8 | Encoding::Ascii => quote! { #place.len() },
        Encoding::Latin1 => quote! { rt::text::latin1_len(&#place[..]) },
        Encoding::Utf16(_) => quote! { rt::text::utf16_len(&#place[..]) },
    }
}

/// The test that a text has the characters of its encoding; those of Unicode a string always has.
pub(super) fn test(
    encoding: Encoding,
    site: &TokenStream,
    reference: &TokenStream,
) -> Option<TokenStream> {
    match encoding {
        Encoding::Ascii => Some(quote! { encode::ascii(#site, #reference)?; }),
        Encoding::Latin1 => Some(quote! { encode::latin1(#site, #reference)?; }),
        Encoding::Utf8 | Encoding::Utf16(_) => None,
    }
}

/// The tests of a text that NULs pad to `size` bytes.
pub(super) fn padded_test(
    encoding: Encoding,
    site: &TokenStream,
    (reference, place): (&TokenStream, &TokenStream),
    size: &proc_macro2::Literal,
) -> TokenStream {
    let characters = test(encoding, site, reference);
    if is_str(encoding) {
        return quote! { encode::padded(#site, #reference, #size)?; #characters };
    }
    let len = len(encoding, place);
    quote! {
        encode::limits(#site, #len, 0, #size)?;
        encode::without_nul(#site, #reference)?;
        #characters
    }
}

/// Statements that write the text `place`; `extra` bytes behind it are zero.
pub(super) fn write(encoding: Encoding, place: &TokenStream, extra: usize) -> TokenStream {
    let nul = match extra {
        0 => TokenStream::new(),
        1 => quote! { writer.bytes(&SHAPE, &[0])?; },
        _ => quote! { writer.bytes(&SHAPE, &[0, 0])?; },
    };
    if is_str(encoding) {
        return quote! { writer.bytes(&SHAPE, #place.as_bytes())?; #nul };
    }
    let len = len(encoding, place);
    let put = put(encoding, &quote! { writer.space(&SHAPE, #len)? }, place);
    quote! { #put #nul }
}

/// A statement that writes the text `place` over the start of the bytes `out`, and zeros over what is left.
pub(super) fn put(encoding: Encoding, out: &TokenStream, place: &TokenStream) -> TokenStream {
    let put = match encoding {
        Encoding::Utf8 | Encoding::Ascii => quote! { put },
        Encoding::Latin1 => quote! { put_latin1 },
        Encoding::Utf16(Endian::Big) => quote! { put_utf16_be },
        Encoding::Utf16(Endian::Little) => quote! { put_utf16_le },
    };
    quote! { rt::text::#put(#out, &#place[..]); }
}
