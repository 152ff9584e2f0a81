//! Varints: reading them, measuring and writing them.
//!
//! In: a varint of the layout, and how code refers to a value of it: a `u64`, or an `i64` if it is signed. Out:
//! expressions and statements. What its values may be is tested like that of any number.

use packet_schema::layout::Varint;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// The next number from `reader`.
pub(super) fn read(varint: &Varint, site: &TokenStream) -> TokenStream {
    let (most, canonical) = (
        Literal::usize_unsuffixed(varint.max_bytes()),
        varint.canonical,
    );
    let value = quote! { decode::varint(reader, #site, #most, #canonical)? };
    if varint.signed {
        quote! { rt::varint::signed(#value) }
    } else {
        value
    }
}

/// What stands on the wire for `value`.
fn encoded(varint: &Varint, value: &TokenStream) -> TokenStream {
    if varint.signed {
        quote! { rt::varint::zigzag(#value) }
    } else {
        value.clone()
    }
}

/// How many bytes `value` takes.
pub(super) fn len(varint: &Varint, value: &TokenStream) -> TokenStream {
    let encoded = encoded(varint, value);
    quote! { rt::varint::len(#encoded) }
}

/// Statements that write `value`.
pub(super) fn write(varint: &Varint, value: &TokenStream) -> TokenStream {
    let encoded = encoded(varint, value);
    quote! { writer.varint(&SHAPE, #encoded)?; }
}

/// How `packet_runtime::Array` reads an element.
pub(super) fn element(varint: &Varint) -> TokenStream {
    if varint.signed {
        quote! { ::packet_runtime::Zigzag }
    } else {
        quote! { ::packet_runtime::Varint }
    }
}

/// What the elements of an array may be.
pub(super) fn rule(varint: &Varint) -> TokenStream {
    let (least, most, canonical) = (
        Literal::usize_unsuffixed(varint.min_bytes()),
        Literal::usize_unsuffixed(varint.max_bytes()),
        varint.canonical,
    );
    quote! {
        decode::VarintRule { least: #least, most: #most, canonical: #canonical }
    }
}
