//! What makes an enum or flags that the user wrote a number on the wire.
//!
//! In: an enum or a flag set of a layout, and what the user calls its values. Out: `Named`,
//! conversions between the type and its number, and of flags their constants.

use super::super::names::screaming;
use super::super::{docs, inner, scalar};
use packet_schema::layout::{Enum, Flags, Unknown};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

/// An enum or flags of a layout.
#[derive(Clone, Copy, Debug)]
pub enum Number<'a> {
    /// An enum.
    Enum(&'a Enum),
    /// Flags.
    Flags(&'a Flags),
}

/// What goes with the enum or the flags `ident`. Of an enum, `values` are the names of its variants in the order of
/// the layout, and `other` is the one that holds all numbers without a name.
pub fn named(
    number: Number<'_>,
    ident: &Ident,
    values: &[Ident],
    other: Option<&Ident>,
) -> TokenStream {
    match number {
        Number::Enum(found) => enumeration(found, ident, values, other),
        Number::Flags(found) => flags(found, ident),
    }
}

fn enumeration(
    found: &Enum,
    ident: &Ident,
    values: &[Ident],
    other: Option<&Ident>,
) -> TokenStream {
    let raw = scalar::unsigned(found.bits);
    let bits = Literal::u32_unsuffixed(found.bits);
    let numbers: Vec<Literal> = found
        .values
        .iter()
        .map(|value| Literal::u64_unsuffixed(value.value))
        .collect();
    let other_number = other.map(|other| quote! { #ident::#other(value) => value, });
    let (unknown, otherwise, convert) = if let Some(other) = other {
        (
            quote! { let _ = raw; None },
            quote! { raw => Self::#other(raw), },
            quote! {
                impl From<#raw> for #ident {
                    fn from(value: #raw) -> Self {
                        <Self as rt::Named<#raw>>::from_tested(value)
                    }
                }
            },
        )
    } else {
        let first = values.first();
        (
            quote! {
                if matches!(raw, #(#numbers)|*) { None } else { Some(raw.into()) }
            },
            // Values are tested before: there is no other.
            quote! { _ => Self::#first, },
            quote! {
                impl TryFrom<#raw> for #ident {
                    type Error = #raw;

                    fn try_from(value: #raw) -> Result<Self, #raw> {
                        match <Self as rt::Named<#raw>>::unknown(value) {
                            None => Ok(<Self as rt::Named<#raw>>::from_tested(value)),
                            Some(_) => Err(value),
                        }
                    }
                }
            },
        )
    };
    let items = quote! {
        impl rt::Named<#raw> for #ident {
            const BITS: u32 = #bits;

            #[inline]
            fn unknown(raw: #raw) -> Option<u64> {
                #unknown
            }

            #[inline]
            #[allow(unreachable_patterns)]
            fn from_tested(raw: #raw) -> Self {
                match raw { #(#numbers => Self::#values,)* #otherwise }
            }

            #[inline]
            fn kept(raw: #raw) -> #raw {
                raw
            }

            #[inline]
            fn to_raw(self) -> #raw {
                match self { #(Self::#values => #numbers,)* #other_number }
            }
        }

        impl From<#ident> for #raw {
            fn from(value: #ident) -> #raw {
                rt::Named::to_raw(value)
            }
        }

        #convert
    };
    let tag = other.map(|other| quote! { Self::#other(value) => value as u64, });
    let tag = quote! {
        impl #ident {
            /// The number, for enums whose cases this one's values choose: methods of traits are in no constant.
            #[doc(hidden)]
            pub const fn __packet_tag(self) -> u64 {
                match self { #(Self::#values => #numbers,)* #tag }
            }
        }
    };
    let element = element(ident, &raw);
    let value = quote_spanned! {ident.span()=> const _: () = rt::is_value::<#ident>(); };
    inner(quote! { #items #tag #element #value })
}

fn flags(found: &Flags, ident: &Ident) -> TokenStream {
    let raw = scalar::unsigned(found.bits);
    let bits = Literal::u32_unsuffixed(found.bits);
    let all = scalar::hexadecimal(found.known().into());
    let constants = found.values.iter().map(|flag| {
        let constant = format_ident!("{}", screaming(&flag.name));
        let bit = Literal::u32_unsuffixed(flag.bit);
        let doc = docs::or(
            flag.doc.as_deref(),
            &format!("`{}`, bit {}.", flag.name, flag.bit),
        );
        quote! { #doc pub const #constant: Self = Self(1 << #bit); }
    });
    let unknown = if found.unknown == Unknown::Reject {
        quote! {
            let unknown = raw & !Self::ALL.0;
            if unknown == 0 { None } else { Some(unknown.into()) }
        }
    } else {
        quote! { let _ = raw; None }
    };
    let kept = if found.unknown == Unknown::Skip {
        quote! { raw & Self::ALL.0 }
    } else {
        quote! { raw }
    };
    let element = element(ident, &raw);
    let value = quote_spanned! {ident.span()=> const _: () = rt::is_value::<#ident>(); };
    let inner = inner(quote! {
        impl rt::Named<#raw> for #ident {
            const BITS: u32 = #bits;

            #[inline]
            fn unknown(raw: #raw) -> Option<u64> {
                #unknown
            }

            #[inline]
            fn from_tested(raw: #raw) -> Self {
                Self(raw)
            }

            #[inline]
            fn kept(raw: #raw) -> #raw {
                #kept
            }

            #[inline]
            fn to_raw(self) -> #raw {
                <Self as rt::Named<#raw>>::kept(self.0)
            }
        }

        impl ::core::ops::BitOr for #ident {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        #element

        #value
    });
    quote! {
        #[allow(clippy::all, dead_code)]
        impl #ident {
            #(#constants)*

            /// All flags that have a name.
            pub const ALL: Self = Self(#all);

            /// Whether all of `flags` are set.
            pub const fn contains(self, flags: Self) -> bool {
                self.0 & flags.0 == flags.0
            }
        }

        #inner
    }
}

/// How an array makes a value of the type from a raw one.
fn element(ident: &Ident, raw: &Ident) -> TokenStream {
    quote! {
        impl ::packet_runtime::FromRaw<#raw> for #ident {
            #[inline]
            fn from_raw(raw: #raw) -> Self {
                <Self as rt::Named<#raw>>::from_tested(<Self as rt::Named<#raw>>::kept(raw))
            }
        }
    }
}
