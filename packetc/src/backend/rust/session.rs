//! The order of packets: an enum of the states, and a session that knows which packet may be sent in them.
//!
//! In: a layout with a session. Out: `State`, `PacketKind`, `Session`, and for each packet's view where it leads.
//! Conditions read a view's getters.

use super::expr::{self, Operand};
use super::{Body, Emitter, docs, inner, scalar};
use crate::render::layout;
use packet_schema::layout::{
    BinaryOp, Expr, ExprOp, OnUnknownId, Packet, ScalarKind, Sender, StateId, Transition, Type,
    Unknown,
};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Everything about the session, if there is one.
pub(super) fn session(emitter: &Emitter<'_>) -> TokenStream {
    let Some(session) = &emitter.layout.session else {
        return TokenStream::new();
    };
    let (state, state_methods) = state(emitter, session.start);
    let (kind, kind_methods) = kind(emitter);
    let start = &emitter.names.states[session.start.0];
    let views = views(emitter);
    let unknown = unknown(emitter);
    let drawn = docs::block(&layout::session(emitter.layout, session));
    let sent = sent(emitter);
    let inner = inner(quote! {
        #sent
        #state_methods
        #kind_methods

        impl Session {
            /// A session that begins.
            pub const fn new() -> Self {
                Self { state: State::#start }
            }

            /// The present state.
            pub const fn state(&self) -> State {
                self.state
            }

            /// Whether a side may send a packet now.
            #[inline]
            pub const fn may_send(&self, side: Side, packet: PacketKind) -> bool {
                let state = self.state as usize;
                SENT[packet as usize][side as usize][state / 64] >> (state % 64) & 1 != 0
            }

            /// Goes on to the state that a packet leads to, which is also the result.
            ///
            /// # Errors
            /// The packet may not be sent by this side, or not in this state. The state stays.
            #[inline]
            pub fn advance(
                &mut self,
                side: Side,
                packet: &impl Step,
            ) -> Result<State, rt::session::Refused<State>> {
                let state = self.state;
                let refused = |packet, reason| rt::session::Refused { state, side, packet, reason };
                let Some(kind) = Step::kind(packet) else {
                    #unknown
                };
                if !self.may_send(side, kind) {
                    let reason = match kind.is_sent_by(side) {
                        false => rt::session::Reason::Side,
                        true => rt::session::Reason::State,
                    };
                    return Err(refused(kind.name(), reason));
                }
                self.state = Step::next(packet, state);
                Ok(self.state)
            }
        }

        #views
    });
    quote! {
        #[allow(unused_imports)]
        pub use ::packet_runtime::session::Side;

        #state
        #kind

        /// A session between a client and a server: what was sent so far decides what may be sent now.
        ///
        /// Both sides keep one, and tell it of every packet that either of them sends.
        #drawn
        #[allow(clippy::all, dead_code)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub struct Session {
            state: State,
        }

        /// The view of a packet that a session can go on with.
        #[allow(clippy::all, dead_code)]
        pub trait Step {
            /// Which packet it is; `None` for one that the protocol does not define.
            fn kind(&self) -> Option<PacketKind>;

            /// The state that it leads to from `state`, in which it may be sent.
            fn next(&self, state: State) -> State {
                state
            }
        }

        #inner
    }
}

/// The enum of the states, and what it can do.
fn state(emitter: &Emitter<'_>, start: StateId) -> (TokenStream, TokenStream) {
    let states = &emitter.names.states;
    let session = emitter.layout.session.iter();
    let named = session.flat_map(|session| &session.states).zip(states);
    let (mut variants, mut texts) = (TokenStream::new(), Vec::new());
    for (number, (state, ident)) in named.enumerate() {
        let doc = docs::or(state.doc.as_deref(), &format!("`{}`.", state.name));
        let default = (number == start.0).then(|| quote! { #[default] });
        variants.extend(quote! { #doc #default #ident, });
        texts.push(&state.name);
    }
    let state = quote! {
        /// A state of a session. The default is the one in which it begins.
        #[allow(dead_code, clippy::enum_variant_names)]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        pub enum State { #variants }
    };
    let methods = quote! {
        impl State {
            /// The state's name in the schema.
            pub const fn name(self) -> &'static str {
                match self {
                    #(Self::#states => #texts,)*
                }
            }
        }

        impl ::core::fmt::Display for State {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
    (state, methods)
}

/// The table of when a packet may be sent: for each packet, and in it for each side, one bit a state.
fn sent(emitter: &Emitter<'_>) -> TokenStream {
    let all = 0..emitter.names.states.len();
    let words = all.len().div_ceil(64);
    let packets = &emitter.layout.packets;
    let rows = packets.iter().map(|packet| {
        let mut states = vec![0_u64; words];
        let sent = packet.steps.states.as_deref();
        for state in sent.map_or_else(|| all.clone().collect(), numbers) {
            states[state / 64] |= 1 << (state % 64);
        }
        let sides = [Sender::Client, Sender::Server].map(|side| {
            let sends = packet.sender == side || packet.sender == Sender::Both;
            let states = states.iter().map(|states| {
                let bits = if sends { *states } else { 0 };
                Literal::u64_unsuffixed(bits)
            });
            quote! { [#(#states),*] }
        });
        quote! { [#(#sides),*] }
    });
    let [words, count] = [words, packets.len()].map(Literal::usize_unsuffixed);
    quote! {
        /// For each packet, and in it for each side, the states in which it may be sent, the first state in the lowest bit.
        static SENT: [[[u64; #words]; 2]; #count] = [#(#rows),*];
    }
}

fn numbers(states: &[StateId]) -> Vec<usize> {
    states.iter().map(|state| state.0).collect()
}

/// The enum of all packets without what is in them, and when each may be sent.
fn kind(emitter: &Emitter<'_>) -> (TokenStream, TokenStream) {
    let packets = &emitter.layout.packets;
    let name = |packet: &Packet| emitter.layout.get(packet.body).name.as_str();
    let variants: Vec<&Ident> = packets
        .iter()
        .map(|packet| variant(emitter, packet))
        .collect();
    let texts = packets.iter().map(name);
    let variant_docs = packets
        .iter()
        .map(|packet| docs::text(&format!("`{}`.", name(packet))));
    let sides = packets.iter().map(|packet| match packet.sender {
        Sender::Client => quote! { matches!(side, Side::Client) },
        Sender::Server => quote! { matches!(side, Side::Server) },
        Sender::Both => quote! { true },
    });
    let allowed = packets.iter().map(|packet| match &packet.steps.states {
        None => quote! { true },
        Some(states) => {
            let states = patterns(emitter, states);
            quote! { matches!(state, #states) }
        }
    });
    let kind = quote! {
        /// Which packet one is.
        #[allow(dead_code, clippy::enum_variant_names)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum PacketKind { #(#variant_docs #variants,)* }
    };
    let methods = quote! {
        // Where every packet is sent by both sides, or in all states, there is nothing to look at.
        #[allow(unused_variables)]
        impl PacketKind {
            /// The packet's name in the schema.
            pub const fn name(self) -> &'static str {
                match self {
                    #(Self::#variants => #texts,)*
                }
            }

            /// Whether a side sends the packet.
            pub const fn is_sent_by(self, side: Side) -> bool {
                match self {
                    #(Self::#variants => #sides,)*
                }
            }

            /// Whether the packet may be sent in a state.
            pub const fn is_sent_in(self, state: State) -> bool {
                match self {
                    #(Self::#variants => #allowed,)*
                }
            }
        }
    };
    (kind, methods)
}

/// What a session does with a packet that the protocol does not define: as the framing says.
fn unknown(emitter: &Emitter<'_>) -> TokenStream {
    let framing = emitter.layout.framings.first();
    if framing.is_some_and(|framing| framing.on_unknown_id == OnUnknownId::Skip) {
        quote! { return Ok(state); }
    } else {
        quote! { return Err(refused("Unknown", rt::session::Reason::Unknown)); }
    }
}

/// What a session goes on with: the view of each packet, and that of any.
fn views(emitter: &Emitter<'_>) -> TokenStream {
    let packets = &emitter.layout.packets;
    let views = packets.iter().map(|packet| {
        let body = Body::new(emitter, packet.body);
        let (view, variant) = (&body.names().view, variant(emitter, packet));
        let next = next(&body, packet);
        quote! {
            impl Step for #view<'_> {
                fn kind(&self) -> Option<PacketKind> {
                    Some(PacketKind::#variant)
                }

                #next
            }
        }
    });
    let any = emitter.names.dispatches.iter().map(|names| {
        let own = names
            .dispatch
            .packets
            .iter()
            .map(|number| &packets[*number]);
        let variants: Vec<&Ident> = own.map(|packet| variant(emitter, packet)).collect();
        let any = &names.view;
        quote! {
            impl Step for #any<'_> {
                fn kind(&self) -> Option<PacketKind> {
                    match self {
                        #(Self::#variants(packet) => Step::kind(packet),)*
                        Self::Unknown { .. } => None,
                    }
                }

                fn next(&self, state: State) -> State {
                    match self {
                        #(Self::#variants(packet) => Step::next(packet, state),)*
                        Self::Unknown { .. } => state,
                    }
                }
            }
        }
    });
    quote! {
        #(#views)*
        #(#any)*
    }
}

/// Where a packet leads, if anywhere.
fn next(body: &Body<'_>, packet: &Packet) -> TokenStream {
    let steps = &packet.steps;
    if steps.transitions.is_empty() {
        return TokenStream::new();
    }
    let arms = steps.transitions.iter().map(|transition: &Transition| {
        let states = transition.states.as_ref().or(steps.states.as_ref());
        let from = states.map_or_else(|| quote! { _ }, |states| patterns(body.emitter, states));
        let guard = transition.when.as_ref().map(|when| {
            let condition = condition(body, when);
            quote! { if #condition }
        });
        let to = &body.emitter.names.states[transition.to.0];
        quote! { #from #guard => State::#to, }
    });
    let always = |transition: &Transition| transition.when.is_none() && transition.states.is_none();
    let always = steps.states.is_none() && steps.transitions.iter().any(always);
    let stays = (!always).then(|| quote! { _ => state, });
    quote! {
        // Transitions may cover all states, and several may lead to the same one.
        #[allow(unreachable_patterns)]
        fn next(&self, state: State) -> State {
            match state {
                #(#arms)*
                #stays
            }
        }
    }
}

/// `State::A | State::B`
fn patterns(emitter: &Emitter<'_>, states: &[StateId]) -> TokenStream {
    let states = states.iter().map(|state| &emitter.names.states[state.0]);
    quote! { #(State::#states)|* }
}

fn variant<'a>(emitter: &'a Emitter<'_>, packet: &Packet) -> &'a Ident {
    &emitter.names.structs[packet.body.0].variant
}

/// A condition on the view `self`.
fn condition(body: &Body<'_>, expr: &Expr) -> TokenStream {
    if let Some(flag) = flag(body, expr) {
        return flag;
    }
    match &expr.op {
        ExprOp::Not(operand) => {
            if let Some(flag) = flag(body, operand) {
                return quote! { !#flag };
            }
            let operand = condition(body, operand);
            quote! { !(#operand) }
        }
        ExprOp::Binary(op @ (BinaryOp::And | BinaryOp::Or), a, b) => {
            let (a, b) = (clause(body, *op, a), clause(body, *op, b));
            if *op == BinaryOp::And {
                quote! { #a && #b }
            } else {
                quote! { #a || #b }
            }
        }
        _ => named_value(body, expr)
            .unwrap_or_else(|| expr::condition(expr, &|read| operand(body, read.field()))),
    }
}

/// An operand of `and` or `or`, in parentheses if it is the other of the two.
fn clause(body: &Body<'_>, outer: BinaryOp, expr: &Expr) -> TokenStream {
    let tokens = condition(body, expr);
    match expr.op {
        ExprOp::Binary(op @ (BinaryOp::And | BinaryOp::Or), ..) if op != outer => {
            quote! { (#tokens) }
        }
        _ => tokens,
    }
}

fn getter(body: &Body<'_>, field: usize) -> TokenStream {
    let getter = &body.names().fields[field].getter;
    quote! { self.#getter() }
}

/// The getter of a field that is a condition by itself.
fn flag(body: &Body<'_>, expr: &Expr) -> Option<TokenStream> {
    match expr.op {
        ExprOp::Field(field) => match &body.field(field).ty {
            Type::Scalar(scalar) if scalar.kind == ScalarKind::Bool => Some(getter(body, field)),
            _ => None,
        },
        _ => None,
    }
}

/// A field's number, for a computation.
fn operand(body: &Body<'_>, field: usize) -> Operand {
    let value = getter(body, field);
    match &body.field(field).ty {
        Type::Scalar(ty) => Operand {
            tokens: scalar::to_raw(body.emitter, ty, &value),
            bits: scalar::container(ty.bits),
            signed: ty.kind == ScalarKind::Signed,
        },
        _ => Operand {
            tokens: value,
            bits: 64,
            signed: false,
        },
    }
}

/// The comparison of an enum with one of its values that has a name.
fn named_value(body: &Body<'_>, expr: &Expr) -> Option<TokenStream> {
    let ExprOp::Binary(op, a, b) = &expr.op else {
        return None;
    };
    let symbol = match op {
        BinaryOp::Eq => quote! { == },
        BinaryOp::Ne => quote! { != },
        _ => return None,
    };
    let (ExprOp::Field(field), ExprOp::Int(value)) = (&a.op, &b.op) else {
        return None;
    };
    let Type::Scalar(scalar) = &body.field(*field).ty else {
        return None;
    };
    let ScalarKind::Enum(id) = scalar.kind else {
        return None;
    };
    let found = body.emitter.layout.enumeration(id);
    let names = &body.emitter.names.enums[id.0];
    let mut values = found.values.iter();
    let number = values.position(|known| i128::from(known.value) == *value)?;
    let ident = &names.ident;
    let name = match found.unknown {
        Unknown::Reject => &names.values[number],
        Unknown::Keep | Unknown::Skip => &names.constants[number],
    };
    let getter = getter(body, *field);
    Some(quote! { #getter #symbol #ident::#name })
}
