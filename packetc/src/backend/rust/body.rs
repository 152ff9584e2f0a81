//! What all emitters ask of the layout: the protocol, and the struct that code is emitted for.
//!
//! In: a layout with its names. Out: answers, and the few pieces of code that every file of this backend
//! shares. What is emitted is decided elsewhere.

use super::names::{self, Names};
use super::walked::walked;
use super::written::Outside;
use super::{Options, scalar};
use packet_schema::layout::{
    Bound, Derivation, Expr, Extent, Field, Layout, Measure, Operand, Part, Place, Role, Scalar,
    ScalarKind, Struct, StructId, Type, Variant,
};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// What all parts of the backend know.
pub(super) struct Emitter<'a> {
    pub(super) layout: &'a Layout,
    pub(super) options: &'a Options,
    pub(super) names: Names,
    /// Of each enum, whether a getter or a variant's case has values of it: not all enums of a schema are used.
    pub(super) shown_enums: Vec<bool>,
    /// Of each enum, how an array that holds values of it has them on the wire.
    pub(super) enum_elements: Vec<Option<Scalar>>,
    /// Of each flag set, likewise.
    pub(super) flag_elements: Vec<Option<Scalar>>,
    /// Of each struct, whether its owned form needs an allocator.
    needs_allocator: Vec<bool>,
    /// Of each struct, whether views of it are made again and again.
    pub(super) walked: Vec<bool>,
    /// Whether the owned structs are the user's.
    pub(super) is_written: bool,
    /// The types that are not emitted here.
    pub(super) outside: Outside,
}

impl<'a> Emitter<'a> {
    pub(super) fn new(layout: &'a Layout, options: &'a Options) -> Self {
        Self::with(layout, options, Names::new(layout), Outside::default())
    }

    /// With the names where the owned structs are the user's, and all named types are those `outside`.
    pub(super) fn written(layout: &'a Layout, options: &'a Options, outside: Outside) -> Self {
        Self {
            is_written: true,
            ..Self::with(layout, options, Names::written(layout), outside)
        }
    }

    fn with(layout: &'a Layout, options: &'a Options, names: Names, outside: Outside) -> Self {
        let mut emitter = Self {
            layout,
            needs_allocator: (0..layout.structs.len())
                .map(|id| layout.needs_allocator(StructId(id)))
                .collect(),
            options,
            names,
            shown_enums: vec![false; layout.enums.len()],
            enum_elements: vec![None; layout.enums.len()],
            flag_elements: vec![None; layout.flags.len()],
            walked: walked(layout),
            is_written: false,
            outside,
        };
        for field in layout.structs.iter().flat_map(|body| &body.fields) {
            match &field.ty {
                Type::Variant(variant) => {
                    variant.types().for_each(|ty| emitter.note_use(ty, true));
                }
                ty => emitter.note_use(ty, field.is_named()),
            }
        }
        emitter
    }

    /// Notes of which named set a type has values.
    fn note_use(&mut self, ty: &Type, is_shown: bool) {
        let (scalar, is_element) = match ty {
            Type::Scalar(scalar) => (*scalar, false),
            Type::Array { element, .. } => match element.as_ref() {
                Type::Scalar(scalar) => (*scalar, true),
                _ => return,
            },
            _ => return,
        };
        let (number, elements) = match scalar.kind {
            ScalarKind::Enum(id) => {
                self.shown_enums[id.0] |= is_shown;
                (id.0, &mut self.enum_elements)
            }
            ScalarKind::Flags(id) => (id.0, &mut self.flag_elements),
            _ => return,
        };
        if is_element {
            elements[number].get_or_insert(scalar);
        }
    }

    /// Whether the owned form of a struct needs an allocator.
    pub(super) fn needs_allocator(&self, id: StructId) -> bool {
        self.needs_allocator[id.0]
    }

    /// Whether the owned form of what has this type needs an allocator.
    pub(super) fn borrows(&self, ty: &Type) -> bool {
        match ty {
            Type::Struct(id) => self.needs_allocator(*id),
            ty => self.layout.type_needs_allocator(ty),
        }
    }

    /// Whether a struct has an owned form.
    pub(super) fn has_owned(&self, id: StructId) -> bool {
        self.options.alloc || !self.needs_allocator(id)
    }

    /// Whether a struct has a borrowed form: its owned one needs an allocator, and this one does not.
    pub(super) fn has_borrowed(&self, id: StructId) -> bool {
        self.needs_allocator(id) && (self.options.alloc || !self.is_sought(id))
    }

    /// Whether something in the struct is an array of which an element must be encoded to see if it would end it.
    fn is_sought(&self, id: StructId) -> bool {
        self.layout.get(id).fields.iter().any(|field| {
            let types: Vec<&Type> = match &field.ty {
                Type::Variant(variant) => variant.types().collect(),
                ty => vec![ty],
            };
            types.into_iter().any(|ty| match ty {
                Type::Struct(id) => self.is_sought(*id),
                Type::Array { element, extent } => match element.as_ref() {
                    Type::Struct(id) => {
                        matches!(extent, Extent::Until(_)) && !begins_with_number(self.layout, *id)
                            || self.is_sought(*id)
                    }
                    _ => false,
                },
                _ => false,
            })
        })
    }

    /// Whether a struct of fixed size can be made and written in constants: text cannot.
    pub(super) fn is_const(&self, id: StructId) -> bool {
        !self.needs_allocator(id) && !self.mentions_outside(id)
    }

    /// Whether a struct has values of types that are not emitted here, of which traits know more: what they say is
    /// in no constant.
    fn mentions_outside(&self, id: StructId) -> bool {
        let mut fields = self.layout.get(id).fields.iter();
        fields.any(|field| match &field.ty {
            Type::Struct(id) => self.is_outside(*id),
            Type::Scalar(kind) => self.outside_scalar(kind).is_some(),
            _ => false,
        })
    }

    /// Whether values of a struct of fixed size can be wrong.
    pub(super) fn has_checks(&self, id: StructId) -> bool {
        self.is_outside(id)
            || self
                .layout
                .get(id)
                .fields
                .iter()
                .any(|field| self.is_checked(field))
    }

    /// The size of a struct, if that is fixed and it is part of others: a packet is in no array.
    pub(super) fn element_size(&self, id: StructId) -> Option<usize> {
        let size = self.layout.get(id).static_size()?;
        (size > 0 && (self.is_written || self.layout.packet_of(id).is_none())).then_some(size)
    }

    pub(super) fn is_checked(&self, field: &Field) -> bool {
        match &field.ty {
            Type::Scalar(scalar) => scalar::can_be_wrong(self, scalar, &field.role),
            Type::Text(..) | Type::Varint(_) => true,
            Type::Struct(id) => self.has_checks(*id),
            Type::Skipped | Type::Bytes(_) | Type::Array { .. } | Type::Variant(_) => false,
        }
    }
}

/// A struct that code is being emitted for.
pub(super) struct Body<'a> {
    pub(super) emitter: &'a Emitter<'a>,
    pub(super) id: StructId,
    pub(super) layout: &'a Struct,
    pub(super) visibility: TokenStream,
    /// Which forms what writes it is for.
    pub(super) form: Form,
    facts: Vec<Facts>,
}

/// Which forms of a struct are written by the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Owned,
    Borrowed,
    /// Both, by a macro over their types.
    Both,
}

/// What is known of a field, found once.
#[derive(Clone, Copy, Default)]
struct Facts {
    entry: u16,
    part: usize,
    is_read: bool,
}

fn facts(emitter: &Emitter<'_>, body: &Struct) -> Vec<Facts> {
    let mut facts = vec![Facts::default(); body.fields.len()];
    let mut entry = 0;
    for (fact, field) in facts.iter_mut().zip(&body.fields) {
        fact.entry = u16::try_from(entry).unwrap_or(u16::MAX);
        entry += 1;
        if emitter.outside.variant(field).is_none() {
            entry += case_count(&field.ty);
        }
    }
    for (number, part) in body.parts.iter().enumerate() {
        let fields = match part {
            Part::Static { fields, .. } => fields.clone(),
            Part::Dynamic { field } => *field..field + 1,
            Part::Align { .. } => continue,
        };
        for fact in facts.get_mut(fields).unwrap_or_default() {
            fact.part = number;
        }
    }
    for (index, field) in body.fields.iter().enumerate() {
        let bound = match &field.bound {
            Some(Bound::Sized(expr)) => Some(expr),
            _ => None,
        };
        let value = computed(field);
        facts[index].is_read |= value.is_some();
        let own = bound.into_iter().chain(&field.when).chain(value);
        let read = field
            .ty
            .reads()
            .into_iter()
            .chain(own.flat_map(Expr::fields));
        for index in read {
            if let Some(fact) = facts.get_mut(index) {
                fact.is_read = true;
            }
        }
    }
    facts
}

impl<'a> Body<'a> {
    pub(super) fn new(emitter: &'a Emitter<'a>, id: StructId) -> Self {
        Self {
            emitter,
            id,
            layout: emitter.layout.get(id),
            facts: facts(emitter, emitter.layout.get(id)),
            visibility: quote! { pub },
            form: match (emitter.has_owned(id), emitter.has_borrowed(id)) {
                (true, true) => Form::Both,
                (false, true) => Form::Borrowed,
                _ => Form::Owned,
            },
        }
    }

    /// How code that writes calls a variant's enum.
    pub(super) fn written_variant(
        &self,
        variant: &Variant,
        names: &names::VariantNames,
    ) -> TokenStream {
        let (owned, borrowed) = (&names.owned, &names.borrowed);
        let borrows = variant.types().any(|ty| self.emitter.borrows(ty));
        match self.form {
            Form::Both if borrows => quote! { $#owned },
            Form::Borrowed if borrows => quote! { #borrowed },
            _ => quote! { #owned },
        }
    }

    pub(super) fn names(&self) -> &'a names::StructNames {
        &self.emitter.names.structs[self.id.0]
    }

    pub(super) fn field(&self, index: usize) -> &'a Field {
        &self.layout.fields[index]
    }

    /// The field's number in the struct's shape, where the cases of variants have numbers too.
    pub(super) fn shape_index(&self, field: usize) -> u16 {
        self.facts.get(field).map_or(u16::MAX, |facts| facts.entry)
    }

    /// A case's number in the struct's shape; `else` comes after the cases.
    pub(super) fn case_index(&self, field: usize, case: usize) -> u16 {
        self.shape_index(field) + 1 + u16::try_from(case).unwrap_or(u16::MAX)
    }

    /// The place of the shape's entry `index` as errors name it, a call of [`Body::site_function`].
    pub(super) fn site(index: u16) -> TokenStream {
        let index = Literal::u16_unsuffixed(index);
        quote! { site(#index) }
    }

    /// The function that all errors of a struct get their place from.
    pub(super) fn site_function() -> TokenStream {
        quote! {
            #[inline]
            const fn site(field: u16) -> rt::Site {
                rt::Site::new(&SHAPE, field)
            }
        }
    }

    /// The part that a field of a static part lies in: its number and its size.
    pub(super) fn part_of(&self, field: usize) -> Option<(usize, usize)> {
        let number = self.part_number(field);
        match self.layout.parts.get(number)? {
            Part::Static { size, .. } => Some((number, *size)),
            Part::Dynamic { .. } | Part::Align { .. } => None,
        }
    }

    /// The number of the part that a field lies in.
    pub(super) fn part_number(&self, field: usize) -> usize {
        self.facts.get(field).map_or(0, |facts| facts.part)
    }

    /// Whether a getter reads the part: one of nothing but unnamed fields is validated and forgotten.
    pub(super) fn is_shown(&self, part: &Part) -> bool {
        match part {
            Part::Static { fields, .. } => self.layout.fields[fields.clone()]
                .iter()
                .any(Field::is_named),
            Part::Dynamic { field } => self.layout.fields[*field].is_named(),
            Part::Align { .. } => false,
        }
    }

    /// The size of the whole struct if all of it is one static part.
    pub(super) fn static_size(&self) -> Option<usize> {
        self.layout.static_size()
    }

    /// `#[inline]` for functions that decode a struct: callers in other crates gain from seeing through them, and
    /// what nobody calls is not compiled.
    ///
    /// Those of short structs are inlined always. Their steps are few, but the calls that make errors, one for each
    /// step, look long to the compiler, which would leave them out of line, with what they found written to memory.
    pub(super) fn inline_decode(&self) -> TokenStream {
        inline(self.is_short(true))
    }

    /// The same for functions that encode it.
    ///
    /// What is inlined here with a loop over structs of varying size in it has too few registers and becomes slower, so
    /// structs of other items, whose size is not known, are taken for such.
    pub(super) fn inline_encode(&self) -> TokenStream {
        inline(self.is_short(false))
    }

    /// Whether but few fields of the struct vary in size or can be wrong, and none holds structs of varying size, unless
    /// they are those of other items and those are `fine`.
    fn is_short(&self, others_are_fine: bool) -> bool {
        const MOST: usize = 4;
        let is_flat = |ty: &Type| match ty {
            Type::Struct(id) if self.emitter.is_outside(*id) => others_are_fine,
            Type::Struct(id) => self.emitter.element_size(*id).is_some(),
            Type::Scalar(_) | Type::Bytes(_) | Type::Text(..) => true,
            _ => false,
        };
        let mut steps = self
            .layout
            .fields
            .iter()
            .filter(|field| field.place == Place::Dynamic || self.emitter.is_checked(field));
        steps.clone().count() <= MOST
            && steps.all(|field| match &field.ty {
                Type::Array { element, .. } => is_flat(element),
                ty => is_flat(ty),
            })
    }

    /// Whether a computation reads the field's value: an expression, a tag, a size, or the comparison of a
    /// computed value, which reads that itself too.
    pub(super) fn is_read(&self, index: usize) -> bool {
        self.facts.get(index).is_some_and(|facts| facts.is_read)
    }

    /// Whether the computed value of some field measures `field` so.
    pub(super) fn is_measured_by(&self, field: usize, measure: Measure) -> bool {
        let mut found = false;
        for value in self.layout.fields.iter().filter_map(computed) {
            value.visit_operands(&mut |read| found |= read == Operand::Measure(measure, field));
        }
        found
    }

    /// The number of the part with which all is read that the value of the field `index` depends on.
    pub(super) fn value_part(&self, index: usize, value: &Expr) -> usize {
        self.part_number(value.known_at(index))
    }
}

/// What the schema says that a field is.
pub(super) fn computed(field: &Field) -> Option<&Expr> {
    match &field.role {
        Role::Derived(Derivation::Value(value)) => Some(value),
        _ => None,
    }
}

/// Entries that a type adds to a shape besides the field itself.
fn case_count(ty: &Type) -> usize {
    match ty {
        Type::Variant(variant) => variant.cases.len() + usize::from(variant.otherwise.is_some()),
        _ => 0,
    }
}

/// Offset and size of a field in its static part; of a bit field, its run's.
pub(super) fn place_bytes(place: Place) -> (usize, usize) {
    match place {
        Place::Bytes { offset, size } | Place::Bits { offset, size, .. } => (offset, size),
        Place::Dynamic => (0, 0),
    }
}

/// The position `offset` bytes after `base`.
pub(super) fn after(base: &TokenStream, offset: usize) -> TokenStream {
    if offset == 0 {
        return base.clone();
    }
    let offset = Literal::usize_unsuffixed(offset);
    quote! { #base + #offset }
}

/// Whether the first field of a struct is an unsigned number in whole bytes that is given.
pub(super) fn begins_with_number(layout: &Layout, id: StructId) -> bool {
    layout.get(id).fields.first().is_some_and(|field| {
        is_owned(field)
            && matches!(field.place, Place::Bytes { .. })
            && matches!(&field.ty, Type::Scalar(kind) if matches!(kind.kind, ScalarKind::Unsigned | ScalarKind::Enum(_)))
    })
}

/// Whether the owned struct has the field.
pub(super) fn is_owned(field: &Field) -> bool {
    field.role.is_data() && field.is_named()
}

fn inline(always: bool) -> TokenStream {
    if always {
        quote! { #[inline(always)] }
    } else {
        quote! { #[inline] }
    }
}

/// Bytes as an array.
pub(super) fn byte_array(bytes: &[u8]) -> TokenStream {
    let bytes = bytes.iter().map(|byte| Literal::u8_unsuffixed(*byte));
    quote! { [#(#bytes),*] }
}
