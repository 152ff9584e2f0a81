//! Checksums, which may cover fields that come after them.
//!
//! Raises P0308 (a checksum), P0335 (a byte to sum that is none), P0336 (too many checksums).

use crate::diagnostic::{Diagnostic, Diagnostics, Span, Spanned, did_you_mean};
use crate::model::{Algorithm, Checksum, Field, Role, ScalarKind, Type};
use crate::syntax;
use std::ops::Range;

/// Most checksums of a struct or packet: each of them can go over all of its bytes again.
const MAX_CHECKSUMS: usize = 16;

/// What the checksums of some fields can name.
pub(in super::super) struct Reach {
    /// Number of the first of the fields.
    pub(in super::super) first: usize,
    /// For the frame's checksums, the body's fields: named all at once, as `body`, and not one by one.
    pub(in super::super) body: Option<Range<usize>>,
    /// The packet's `checksum_extra`, for the frame's checksums.
    pub(in super::super) extra: Option<u64>,
}

impl Reach {
    /// The fields that `name` stands for, from the first one to the one behind the last.
    fn find(&self, name: &str, fields: &[Field]) -> Option<(usize, usize)> {
        let named = |index: &usize| fields.get(*index).is_some_and(|field| field.name == name);
        let found = self.visible(fields).find(named);
        match found.filter(|_| name != "_") {
            Some(index) => Some((index, index + 1)),
            None if name == "body" => self.body.as_ref().map(|body| (body.start, body.end)),
            None => None,
        }
    }

    fn visible(&self, fields: &[Field]) -> impl Iterator<Item = usize> {
        let body = self.body.clone().unwrap_or(0..0);
        (0..fields.len()).filter(move |index| !body.contains(index))
    }
}

/// Resolves the checksums among the fields `said`, the first of which is `reach.first` of `fields`. The
/// `whole` ones are without a mistake.
pub(in super::super) fn check(
    said: &[syntax::Field],
    fields: &mut [Field],
    whole: &[bool],
    reach: &Reach,
    diagnostics: &mut Diagnostics,
) {
    let mut count = 0;
    for (field, index) in said.iter().zip(reach.first..) {
        let Some(said) = &field.attributes.checksum else {
            continue;
        };
        count += 1;
        if count > MAX_CHECKSUMS {
            diagnostics.push(
                Diagnostic::error(
                    "P0336",
                    said.span,
                    format!("these are more than {MAX_CHECKSUMS} checksums"),
                )
                .help("put some of the fields and their checksums into a struct"),
            );
            return;
        }
        let checksum = resolve(&said.value, fields, reach, diagnostics);
        let (Some(checksum), Some(true)) = (checksum, whole.get(index)) else {
            continue;
        };
        if let Some(own) = fields.get_mut(index) {
            give(own, checksum, said.value.algorithm.span, diagnostics);
        }
    }
}

/// What a checksum covers, and how it is computed.
fn resolve(
    said: &syntax::Checksum,
    fields: &[Field],
    reach: &Reach,
    diagnostics: &mut Diagnostics,
) -> Option<Checksum> {
    let name = &said.algorithm;
    let algorithm = Algorithm::named(&name.value);
    if algorithm.is_none() {
        let help = did_you_mean(&name.value, Algorithm::names()).unwrap_or_else(|| {
            "there are `internet`, `sum8`, `xor8`, `adler32`, `fletcher16` and the CRCs of the catalogue, such as `crc16-modbus` and `crc32`".to_owned()
        });
        diagnostics.push(
            Diagnostic::error(
                "P0308",
                name.span,
                format!("there is no checksum `{}`", name.value),
            )
            .help(help),
        );
    }
    let extra = said
        .extra
        .and_then(|extra| byte(extra, "extra", diagnostics));
    let covered = said.over.as_ref()?;
    let mut find = |name: &Spanned<String>| {
        let found = reach.find(&name.value, fields);
        if found.is_none() {
            let known = reach
                .visible(fields)
                .filter_map(|index| Some(fields.get(index)?.name.as_str()));
            let body = reach.body.is_some().then_some("body");
            let whole = body.map(|_| {
                "a checksum of the frame covers the frame's own fields, and with `body` everything that a packet adds".to_owned()
            });
            diagnostics.push(
                Diagnostic::error(
                    "P0308",
                    name.span,
                    format!("there is no field `{}` here", name.value),
                )
                .label("unknown field")
                .maybe_help(did_you_mean(&name.value, known.chain(body)).or(whole)),
            );
        }
        found
    };
    let (from, to) = (find(&covered.0), find(&covered.1));
    let ((from, _), (last, end)) = (from?, to?);
    if from > last {
        let (first, last) = (&covered.0, &covered.1);
        diagnostics.push(
            Diagnostic::error("P0308", last.span, "the checksum ends before it begins")
                .label(format!("`{}` comes first", last.value))
                .also(first.span, format!("`{}` comes later", first.value))
                .help("exchange them"),
        );
        return None;
    }
    Some(Checksum {
        algorithm: algorithm?,
        from,
        end,
        extra: match reach.extra {
            // One that is no byte was reported.
            Some(extra) => u8::try_from(extra).ok(),
            None => extra,
        },
    })
}

/// Makes a field the checksum.
fn give(own: &mut Field, checksum: Checksum, algorithm: Span, diagnostics: &mut Diagnostics) {
    let (name, bits) = (checksum.algorithm.name(), checksum.algorithm.bits());
    let fits = matches!(own.ty, Type::Scalar(scalar)
        if scalar.kind == ScalarKind::Unsigned && scalar.bits == bits && scalar.range.is_none());
    if fits && own.role.is_data() && own.when.is_none() {
        own.role = Role::Checksum(checksum);
        return;
    }
    diagnostics.push(
        Diagnostic::error(
            "P0308",
            own.type_span,
            format!("this cannot hold a checksum `{name}`"),
        )
        .also(algorithm, format!("has {bits} bits"))
        .help(format!("use `u{bits}`, without `const`, `range` or `when`")),
    );
}

/// The number as a byte.
pub(in super::super) fn byte(
    number: Spanned<u64>,
    key: &str,
    diagnostics: &mut Diagnostics,
) -> Option<u8> {
    let byte = u8::try_from(number.value).ok();
    if byte.is_none() {
        diagnostics.push(
            Diagnostic::error(
                "P0335",
                number.span,
                format!("`{key}` is one byte, not {}", number.value),
            )
            .help("write a number from 0 to 255"),
        );
    }
    byte
}
