//! The constants by which two programs learn whether their schemas mean the same wire.
//!
//! In: a layout. Out: its fingerprint, which is the same for all languages, and the version that its author gave it.

use packet_schema::fingerprint::fingerprint;
use packet_schema::layout::Layout;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::LitInt;

/// The constants; the fingerprint in the digits that `packetc fingerprint` shows.
pub(super) fn constants(layout: &Layout) -> TokenStream {
    let value = LitInt::new(&format!("0x{}", fingerprint(layout)), Span::call_site());
    let version = layout.version.map(|version| {
        let version = LitInt::new(&version.to_string(), Span::call_site());
        quote! {
            /// The schema's `version`.
            #[allow(clippy::all, clippy::pedantic, dead_code)]
            pub const VERSION: u64 = #version;
        }
    });
    quote! {
        /// What a peer can notice of the schema, as one number: programs with the same number read and write the same bytes,
        /// whatever the names in their schemas are. Two peers that send it first can tell that they do not fit.
        ///
        /// It does not prove who the peer is. `packetc fingerprint` shows it, too.
        #[allow(clippy::all, clippy::pedantic, dead_code)]
        pub const FINGERPRINT: u64 = #value;
        #version
    }
}
