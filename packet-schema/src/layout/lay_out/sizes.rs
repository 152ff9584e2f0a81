//! Smallest and largest sizes of fields, and whether they end by themselves.

use super::Placer;
use crate::model::{self, Extent, StructId, Type};

impl Placer<'_> {
    /// The size of a field that is always there and always has the same size, with its own fields at
    /// fixed places.
    pub(super) fn static_size(&self, field: &model::Field) -> Option<usize> {
        if field.when.is_some() || field.bound.is_some() || field.pad_to.is_some() {
            return None;
        }
        match &field.ty {
            Type::Scalar(scalar) => Some(scalar.bytes()),
            Type::Bytes(Extent::Fixed(size)) | Type::Text(Extent::Fixed(size), _) => Some(*size),
            Type::Struct(id) => self.get(*id)?.static_size(),
            _ => None,
        }
    }

    /// Smallest and largest size of a type's values; `None` if only the surroundings bound them.
    pub(super) fn sizes(&self, ty: &Type, length: Option<(u64, u64)>) -> (u64, Option<u64>) {
        let structs = |id| {
            let inner = self.get(id);
            inner.map_or((0, None), |inner| (inner.min_size, inner.max_size))
        };
        sizes(ty, length, &structs)
    }

    pub(super) fn may_be_greedy(&self, ty: &Type) -> bool {
        match ty {
            Type::Variant(variant) => variant.types().any(|ty| self.may_be_greedy(ty)),
            Type::Struct(id) => self.get(*id).is_some_and(|inner| inner.greedy),
            Type::Bytes(extent) | Type::Text(extent, _) | Type::Array { extent, .. } => {
                matches!(extent, Extent::Rest { .. })
            }
            Type::Skipped => true,
            Type::Scalar(_) | Type::Varint(_) => false,
        }
    }
}

/// Smallest and largest size of a type's values, where `structs` gives those of structs.
pub(in crate::layout) fn sizes(
    ty: &Type,
    length: Option<(u64, u64)>,
    structs: &dyn Fn(StructId) -> (u64, Option<u64>),
) -> (u64, Option<u64>) {
    let (unit_min, unit_max, extent) = match ty {
        Type::Scalar(scalar) => {
            let bytes = scalar.bytes() as u64;
            return (bytes, Some(bytes));
        }
        Type::Varint(varint) => {
            return (varint.min_bytes() as u64, Some(varint.max_bytes() as u64));
        }
        Type::Struct(id) => {
            return structs(*id);
        }
        Type::Variant(variant) => {
            let cases = variant.cases.iter().map(|case| (&case.ty, case.length));
            let otherwise = variant.otherwise.as_deref();
            let cases = cases.chain(otherwise.map(|ty| (ty, variant.otherwise_length)));
            let all: Vec<_> = cases
                .map(|(ty, length)| sizes(ty, length, structs))
                .collect();
            let min = all.iter().map(|(min, _)| *min).min().unwrap_or(0);
            let max = all
                .iter()
                .try_fold(0, |max: u64, (_, size)| Some(max.max((*size)?)));
            return (min, max);
        }
        Type::Skipped => return (0, None),
        Type::Text(Extent::Terminated, encoding) => {
            let nul = encoding.unit() as u64;
            let (low, high) = length.unwrap_or((0, u64::MAX));
            let most = length.and_then(|_| high.checked_add(nul));
            return (low.saturating_add(nul), most);
        }
        Type::Bytes(extent) | Type::Text(extent, _) => (1, Some(1), extent),
        Type::Array { element, extent } => {
            let (min, max) = sizes(element, None, structs);
            (min, max, extent)
        }
    };
    let (low, high) = length.unwrap_or((0, u64::MAX));
    let (prefix, min, max) = match extent {
        Extent::Fixed(count) => ((0, 0), *count as u64, Some(*count as u64)),
        Extent::Prefixed(prefix) => {
            let (min, max) = prefix.limits();
            let min = u64::try_from(min).unwrap_or(u64::MAX).max(low);
            let max = u64::try_from(max).unwrap_or(u64::MAX).min(high);
            (prefix.sizes(min, max), min, Some(max))
        }
        Extent::Counted(expr) => {
            let min = u64::try_from(expr.min.max(0)).unwrap_or(u64::MAX);
            let max = u64::try_from(expr.max.max(0)).unwrap_or(u64::MAX);
            ((0, 0), min.max(low), Some(max.min(high)))
        }
        Extent::Sized(expr) => {
            let min = u64::try_from(expr.min.max(0)).unwrap_or(u64::MAX);
            let max = u64::try_from(expr.max.max(0)).unwrap_or(u64::MAX);
            return (min.max(low.saturating_mul(unit_min)), Some(max));
        }
        Extent::Rest { .. } | Extent::Terminated => ((0, 0), low, length.map(|_| high)),
        Extent::Until(sentinel) => {
            let end = sentinel.bytes.len() as u64;
            ((end, end), low, length.map(|_| high))
        }
    };
    let least = min.saturating_mul(unit_min).saturating_add(prefix.0);
    let most = max
        .zip(unit_max)
        .and_then(|(max, unit)| max.checked_mul(unit)?.checked_add(prefix.1));
    (least, most)
}

pub(super) fn min_option(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
