//! Rust: zero-copy views, owned structs and their codec.
//!
//! In: a layout. Out: one file, or the items themselves for a macro. The code needs nothing but
//! `packet-runtime`, has no inner attributes, so that `include!` takes it, and no text of the schema
//! leaves its string literal.
//!
//! What the others ask:
//!
//! | Module | Decides |
//! |---|---|
//! | `names` | casing, keywords, clashes; nothing else makes an identifier from the schema's |
//! | `renames` | which of these names are not what casing alone makes of them |
//! | `attributes` | which attributes of the user's own stand in front of a type or a member |
//! | `body` | which part a field lies in, which number it has in errors, who reads its value |
//! | `walked` | which views keep text as bytes, since they are made again and again |
//! | `variant` | in which order a variant's cases stand, and their patterns |
//!
//! What emits code, smaller pieces first:
//!
//! | Module | Emits |
//! |---|---|
//! | `docs` | documentation, from the schema's text or in its place |
//! | `scalar` | numbers: reading, testing, writing them |
//! | `varint` | numbers whose size follows from their value |
//! | `text` | text in its encodings |
//! | `expr` | the schema's computations |
//! | `types` | enums, flags, owned structs, views and their getters, the way from view to owned |
//! | `decode` | `View::decode` and `View::parse` |
//! | `encode` | `Encode` |
//! | `identity` | the constants that peers compare |
//! | `framing` | the constants of the framings |
//! | `dispatch` | the enums of all packets |
//! | `session` | the states, and what may be sent in them |
//! | `serde`, `proptest` | what these options add to all of them |
//! | `written` | what goes with types that the user of a macro wrote |
//! | `print` | text: the tokens of all others in lines |
//!
//! Every struct's code stands in a nameless constant that calls `packet_runtime::generated` by short names;
//! only what users name is outside. A piece of code that goes into another once goes there `moved`.

mod attributes;
mod body;
mod decode;
mod dispatch;
mod docs;
mod encode;
mod expr;
mod framing;
mod identity;
mod modules;
mod moved;
mod names;
mod print;
mod proptest;
mod renames;
mod scalar;
mod serde;
mod session;
mod text;
mod types;
mod variant;
mod varint;
mod walked;
mod written;

pub use attributes::{AttributeError, Attributes};
pub use modules::{documented_module, modules};
pub use names::{camel as type_name, snake as field_name};
pub use renames::{renamed_module, renames};
pub use written::{Message, Number, Outside, Variants, Written, cases, derived, messages, named};

use super::OutputFile;
use body::{Body, Emitter, Form, after, begins_with_number, byte_array, is_owned, place_bytes};
use moved::moved;
use packet_schema::layout::{Algorithm, Layout, Role, StructId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// What the generated code should have: the default is what a schema alone gives.
///
/// A build script sets each by a method of [`Build`](crate::Build), the program by a flag of `packetc generate`,
/// and the macro `packet_schema!` by an argument.
///
/// ```
/// use packetc::backend::rust::{Options, generate};
///
/// let schema = "protocol: example\npackets:\n  Chat: { fields: [text: string<u8>] }";
/// let layout = packet_schema::compile(schema).unwrap().layout;
/// let code = |alloc| generate(&layout, &Options { alloc, ..Options::default() })[0].contents.clone();
/// assert!(code(true).contains("pub text: ::packet_runtime::alloc::string::String"));
/// assert!(code(false).contains("pub text: &'a str") && !code(false).contains("::alloc"));
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// Owned forms that need `Vec` and `String`. Without them the code needs no allocator: packets are
    /// written from borrowed forms.
    pub alloc: bool,
    /// The user's own attributes on types and their members.
    pub attributes: Attributes,
    /// The name of the file and so of the module, if it is not to be called as the protocol.
    pub module: Option<String>,
    /// `Serialize` for views, and with `Deserialize` for owned forms, in the manner of `packetc decode` and `packetc
    /// encode`. The code needs `packet-runtime` with the feature `serde`.
    pub serde: bool,
    /// `proptest`'s `Arbitrary` for owned forms, giving values that can be encoded. The code needs `packet-runtime` with
    /// the feature `proptest`.
    pub proptest: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            alloc: true,
            attributes: Attributes::default(),
            module: None,
            serde: false,
            proptest: false,
        }
    }
}

/// More than the code of most structs has, in bytes. Text that outgrows its place is copied, and that
/// of thousands of packets is long.
const ROOM: usize = 16 << 10;

/// One file with the protocol's codec.
pub fn generate(layout: &Layout, options: &Options) -> Vec<OutputFile> {
    let mut contents = String::with_capacity((1 + layout.structs.len()) * ROOM);
    contents.push_str("// @generated by packetc from the protocol `");
    contents.push_str(&layout.protocol);
    contents.push_str("`. Change the schema instead.\n");
    contents.push_str(&needs(layout, options));
    // Printed piece by piece: all tokens at once would take a hundred times the memory of the text.
    let mut printer = print::Printer::default();
    each(layout, options, |items| printer.items(items, &mut contents));
    vec![OutputFile {
        path: format!("{}.rs", module(layout, options)),
        contents,
    }]
}

/// The name of the protocol's module, which is that of its file: the option, or else what the protocol's name gives.
pub fn module(layout: &Layout, options: &Options) -> String {
    let given = options.module.clone();
    given.unwrap_or_else(|| names::module(&layout.protocol))
}

/// Whether a module can be called `name`, and its file after it.
pub fn is_module(name: &str) -> bool {
    names::module(name) == name
        && name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// What the code needs of the runtime besides its default, as a comment.
fn needs(layout: &Layout, options: &Options) -> String {
    let mut fields = layout.structs.iter().flat_map(|body| &body.fields);
    let is_crc = |role: &Role| matches!(role, Role::Checksum(checksum) if matches!(checksum.algorithm, Algorithm::Crc(_)));
    let features = [
        ("crc", fields.any(|field| is_crc(&field.role))),
        ("serde", options.serde),
        ("proptest", options.proptest),
    ];
    let needed: Vec<String> = features
        .into_iter()
        .filter(|(_, needed)| *needed)
        .map(|(feature, _)| format!("`{feature}`"))
        .collect();
    match needed.as_slice() {
        [] => String::new(),
        [one] => format!("// It needs `packet-runtime` with the feature {one}.\n"),
        all => format!(
            "// It needs `packet-runtime` with the features {}.\n",
            all.join(", ")
        ),
    }
}

/// The items of a protocol's codec, for a module of their own.
pub fn items(layout: &Layout, options: &Options) -> TokenStream {
    let mut all = TokenStream::new();
    each(layout, options, |items| all.extend(items));
    all
}

/// Hands on the items of a protocol's codec, those of one type after those of another.
fn each(layout: &Layout, options: &Options, mut found: impl FnMut(TokenStream)) {
    let emitter = Emitter::new(layout, options);
    found(identity::constants(layout));
    found(framing::framings(layout));
    found(dispatch::dispatches(&emitter));
    found(session::session(&emitter));
    for (index, one) in layout.enums.iter().enumerate() {
        found(types::enumeration(&emitter, index, one));
    }
    for (index, one) in layout.flags.iter().enumerate() {
        found(types::flags(&emitter, index, one));
    }
    if options.serde {
        found(serde::all(&emitter));
    }
    if options.proptest {
        found(proptest::all(&emitter));
    }
    for index in 0..layout.structs.len() {
        let body = Body::new(&emitter, StructId(index));
        let owned = emitter
            .has_owned(body.id)
            .then(|| moved(types::owned(&body)));
        let borrowed = (emitter.has_borrowed(body.id)).then(|| moved(types::borrowed(&body)));
        let codec = moved(codec(&body, &Owner::generated(&body)));
        found(quote! { #owned #borrowed #codec });
        if options.serde {
            found(serde::structure(&body));
        }
        if options.proptest && emitter.has_owned(body.id) {
            found(proptest::structure(&body));
        }
    }
}

/// What a struct has besides its owned form.
fn codec(body: &Body<'_>, owner: &Owner) -> TokenStream {
    let view = moved(types::view(body));
    let writer = moved(types::writer(body));
    let shape = moved(types::shape(body));
    let site = Body::site_function();
    let getters = moved(types::getters(body));
    let decode = moved(decode::view(body));
    let convert = moved(types::convert(body, owner));
    let borrowed = (body.form != Form::Owned).then(|| moved(types::from_view(body)));
    let setters = moved(types::setters(body));
    let encode = match body.form {
        // What needs an allocator is not there, and cannot be borrowed without one.
        Form::Owned if !body.emitter.has_owned(body.id) => None,
        _ => Some(moved(encode::encode(body, owner))),
    };
    let inner = moved(inner(
        quote! { #shape #site #getters #decode #setters #convert #borrowed #encode },
    ));
    quote! { #view #writer #inner }
}

/// Items in a scope of their own: nobody sees the names that they need among themselves, and they see short
/// ones of what they call.
fn inner(items: TokenStream) -> TokenStream {
    let items = moved(items);
    quote! {
        // What is generated for one struct is not needed for every one, and what a schema calls deprecated is
        // still read and written.
        #[allow(clippy::all, clippy::pedantic, dead_code, deprecated, unused_imports)]
        const _: () = {
            use ::packet_runtime::generated::{self as rt, decode, encode};

            #items
        };
    }
}

/// The owned form of a struct, for `impl` headers.
struct Owner {
    ident: Ident,
    /// Parameters for a plain `impl`.
    generics: syn::Generics,
    /// The type with the view's lifetime `'a` in place of its own.
    with_lifetime: TokenStream,
}

impl Owner {
    fn generated(body: &Body<'_>) -> Self {
        let ident = body.names().owned.clone();
        Self {
            with_lifetime: quote! { #ident },
            ident,
            generics: syn::Generics::default(),
        }
    }

    fn written(ident: &Ident, generics: &syn::Generics) -> Self {
        let with_lifetime = if generics.lifetimes().next().is_some() {
            quote! { #ident<'a> }
        } else {
            quote! { #ident }
        };
        Self {
            ident: ident.clone(),
            generics: generics.clone(),
            with_lifetime,
        }
    }
}
