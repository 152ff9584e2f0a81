//! Enums and flag sets.
//!
//! In: a named set of the layout. Out: a Rust type that holds what can be on the wire and nothing else: a
//! real `enum` where unknown values are refused, else a number whose known values have names.

use super::super::names::{camel, screaming};
use super::super::{Emitter, attributes, docs, scalar};
use packet_schema::layout::{Enum, Flags, History, Scalar, Unknown};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// What the types derive.
const DERIVED: &[&str] = &["Clone", "Copy", "Debug", "PartialEq", "Eq", "Hash"];

/// The Rust type of an enum: a real enum if unknown values are refused, else a number with names.
pub(in super::super) fn enumeration(
    emitter: &Emitter<'_>,
    index: usize,
    found: &Enum,
) -> TokenStream {
    let names = &emitter.names.enums[index];
    let ident = &names.ident;
    let raw = scalar::unsigned(found.bits);
    let doc = docs::or(
        found.doc.as_deref(),
        &format!("The values of `{}`.", found.name),
    );
    let called = docs::called(&found.name, camel, ident);
    let doc = quote! { #doc #called };
    let value_docs = found.values.iter().enumerate().map(|(index, value)| {
        let fallback = format!("`{}`, {}.", value.name, value.value);
        let number = format!("Value {}.", value.value);
        let doc = documented(value.doc.as_deref(), &fallback, &number, &value.history);
        let called = match found.unknown {
            Unknown::Keep | Unknown::Skip => {
                docs::called(&value.name, screaming, &names.constants[index])
            }
            Unknown::Reject => docs::called(&value.name, camel, &names.values[index]),
        };
        let given = attributes::on_member(emitter, &found.name, &value.name);
        quote! { #doc #called #given }
    });
    let given = attributes::on_type(emitter, &found.name, DERIVED);
    let texts: Vec<&str> = found
        .values
        .iter()
        .map(|value| value.name.as_str())
        .collect();
    let numbers: Vec<Literal> = found
        .values
        .iter()
        .map(|value| Literal::u64_unsuffixed(value.value))
        .collect();
    let element = element(emitter, emitter.enum_elements[index]);
    let items = match found.unknown {
        Unknown::Keep | Unknown::Skip => {
            let constants = &names.constants;
            quote! {
                #doc
                ///
                /// Other values than the named ones are kept.
                #[allow(clippy::all, dead_code)]
                #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
                #given
                pub struct #ident(
                    /// The value on the wire.
                    pub #raw,
                );

                #[allow(clippy::all, dead_code)]
                impl #ident {
                    #(#value_docs pub const #constants: Self = Self(#numbers);)*

                    /// The value's name in the schema, if it has one.
                    pub const fn name(self) -> Option<&'static str> {
                        match self.0 {
                            #(#numbers => Some(#texts),)*
                            _ => None,
                        }
                    }
                }
            }
        }
        Unknown::Reject => {
            let variants = &names.values;
            let all = numbers.len() as u64 == 1 << found.bits.min(63);
            let known = if all && found.bits == scalar::container(found.bits) {
                quote! { true }
            } else {
                {
                    let ranges = ranges(found);
                    quote! { matches!(value, #(#ranges)|*) }
                }
            };
            let argument = if all && found.bits == scalar::container(found.bits) {
                quote! { _ }
            } else {
                quote! { value }
            };
            let (last, before) = variants.split_last().expect("an enum has values");
            let before_numbers = numbers.iter().take(before.len());
            let from_argument = if before.is_empty() {
                quote! { _ }
            } else {
                quote! { value }
            };
            let from = if before.is_empty() {
                quote! { Self::#last }
            } else {
                // Values are tested before: whatever is none of the others is the last.
                quote! { match value { #(#before_numbers => Self::#before,)* _ => Self::#last, } }
            };
            let from_tested = emitter.shown_enums[index].then(|| {
                quote! {
                    const fn from_tested(#from_argument: #raw) -> Self {
                        #from
                    }
                }
            });
            quote! {
                #doc
                #[allow(clippy::all, dead_code)]
                #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
                #given
                pub enum #ident {
                    #(#value_docs #variants,)*
                }

                #[allow(clippy::all, dead_code)]
                impl #ident {
                    /// The value on the wire.
                    pub const fn value(self) -> #raw {
                        match self {
                            #(Self::#variants => #numbers,)*
                        }
                    }

                    /// The value's name in the schema.
                    pub const fn name(self) -> &'static str {
                        match self {
                            #(Self::#variants => #texts,)*
                        }
                    }

                    /// Whether a number is one of the values.
                    pub const fn is_known(#argument: #raw) -> bool {
                        #known
                    }

                    #from_tested
                }
            }
        }
    };
    quote! { #items #element }
}

/// Documentation of a value: what the schema says and which it is, or `fallback`, which says that; and since when it is
/// there.
fn documented(doc: Option<&str>, fallback: &str, number: &str, history: &History) -> TokenStream {
    let number = doc.map(|_| docs::text(&format!("\n{number}")));
    let doc = docs::or(doc, fallback);
    let (since, deprecated) = (docs::since(history), docs::deprecated(history));
    quote! { #doc #number #since #deprecated }
}

/// How an array makes a value of the type from a raw one, if there is such an array.
fn element(emitter: &Emitter<'_>, scalar: Option<Scalar>) -> TokenStream {
    let Some(scalar) = scalar else {
        return TokenStream::new();
    };
    let ty = scalar::rust_type(emitter, &scalar);
    let raw = scalar::raw_type(&scalar);
    let kept = scalar::kept(emitter, &scalar, &quote! { raw });
    let value = scalar::from_raw(emitter, &scalar, &kept);
    quote! {
        impl ::packet_runtime::FromRaw<#raw> for #ty {
            #[inline]
            fn from_raw(raw: #raw) -> Self {
                #value
            }
        }
    }
}

/// An enum's values as patterns: neighbours are one range.
fn ranges(found: &Enum) -> Vec<TokenStream> {
    let mut values: Vec<u64> = found.values.iter().map(|value| value.value).collect();
    values.sort_unstable();
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for value in values {
        match ranges.last_mut() {
            Some((_, end)) if end.checked_add(1) == Some(value) => *end = value,
            _ => ranges.push((value, value)),
        }
    }
    let pattern = |(start, end): (u64, u64)| {
        let (low, high) = (Literal::u64_unsuffixed(start), Literal::u64_unsuffixed(end));
        if start == end {
            quote! { #low }
        } else {
            quote! { #low..=#high }
        }
    };
    ranges.into_iter().map(pattern).collect()
}

/// The Rust type of a flag set: a number with named bits.
pub(in super::super) fn flags(emitter: &Emitter<'_>, index: usize, found: &Flags) -> TokenStream {
    let names = &emitter.names.flags[index];
    let ident = &names.ident;
    let raw = scalar::unsigned(found.bits);
    let doc = docs::or(
        found.doc.as_deref(),
        &format!("The flags of `{}`.", found.name),
    );
    let called = docs::called(&found.name, camel, ident);
    let doc = quote! { #doc #called };
    let constants = &names.constants;
    let value_docs = found.values.iter().zip(constants).map(|(flag, constant)| {
        let fallback = format!("`{}`, bit {}.", flag.name, flag.bit);
        let number = format!("Bit {}.", flag.bit);
        let doc = documented(flag.doc.as_deref(), &fallback, &number, &flag.history);
        let called = docs::called(&flag.name, screaming, constant);
        let given = attributes::on_member(emitter, &found.name, &flag.name);
        quote! { #doc #called #given }
    });
    let given = attributes::on_type(emitter, &found.name, &[DERIVED, &["Default"]].concat());
    let bits = found
        .values
        .iter()
        .map(|flag| Literal::u32_unsuffixed(flag.bit));
    let all = scalar::hexadecimal(found.known().into());
    let element = element(emitter, emitter.flag_elements[index]);
    let policy = match found.unknown {
        Unknown::Skip => docs::text("\nBits without a name are not kept."),
        Unknown::Reject | Unknown::Keep => TokenStream::new(),
    };
    quote! {
        #doc
        #policy
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #given
        pub struct #ident(
            /// The bits on the wire.
            pub #raw,
        );

        #[allow(clippy::all, dead_code)]
        impl #ident {
            #(#value_docs pub const #constants: Self = Self(1 << #bits);)*

            /// All flags that have a name.
            pub const ALL: Self = Self(#all);

            /// Whether all of `flags` are set.
            pub const fn contains(self, flags: Self) -> bool {
                self.0 & flags.0 == flags.0
            }
        }

        impl ::core::ops::BitOr for #ident {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        #element
    }
}
