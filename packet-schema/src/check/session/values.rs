//! Whether conditions can hold together: tried with the values of their fields, if these are few, or with
//! those that make a difference.

use super::super::types::Types;
use crate::model::{BinaryOp, Expr, ExprOp, Field, Role, ScalarKind, Transition, Unknown};

/// Most combinations of values that are tried for some conditions.
const MAX_TRIED: u64 = 1 << 16;

/// What conditions of a packet can be.
pub(super) struct Values<'a> {
    pub(super) fields: &'a [Field],
    pub(super) types: &'a Types<'a>,
}

/// Whether conditions can hold together.
pub(super) enum Found {
    /// They never do.
    Never,
    /// They do with these values, put into words: nothing if with any.
    Where(String),
    /// There are too many values to try.
    TooMany,
}

impl Values<'_> {
    /// Whether all `conditions` can hold together. Each value that is tried takes one from `budget`.
    pub(super) fn together(&self, conditions: &[&Expr], budget: &mut u64) -> Found {
        let mut fields: Vec<usize> = conditions.iter().flat_map(|expr| expr.fields()).collect();
        fields.sort_unstable();
        fields.dedup();
        let mut count: u64 = 1;
        let mut domains: Vec<Vec<i128>> = Vec::new();
        for field in &fields {
            let Some(domain) = self.domain(*field, conditions) else {
                return Found::TooMany;
            };
            count = count.saturating_mul(domain.len() as u64);
            domains.push(domain);
        }
        if count > MAX_TRIED.min(*budget) {
            return Found::TooMany;
        }
        *budget -= count;
        for combination in 0..count {
            let mut left = combination;
            let chosen: Vec<i128> = domains
                .iter()
                .map(|domain| {
                    let len = domain.len() as u64;
                    let index = usize::try_from(left % len).unwrap_or(0);
                    left /= len;
                    domain.get(index).copied().unwrap_or(0)
                })
                .collect();
            let value = |field: usize| {
                let at = fields.binary_search(&field).unwrap_or(0);
                chosen.get(at).copied().unwrap_or(0)
            };
            let hold = conditions.iter().all(|expr| expr.eval(&value) != Some(0));
            if hold {
                return Found::Where(self.words(&fields, &chosen));
            }
        }
        Found::Never
    }

    /// "`code` is 3 and `kind` is `open`"
    fn words(&self, fields: &[usize], values: &[i128]) -> String {
        let words: Vec<String> = fields
            .iter()
            .zip(values)
            .filter_map(|(index, value)| {
                let field = self.fields.get(*index)?;
                let name = match field.ty.number()?.kind {
                    ScalarKind::Bool => Some(if *value == 0 { "false" } else { "true" }),
                    _ => self.value_name(*index, *value),
                };
                let value = name.map_or_else(|| value.to_string(), |name| format!("`{name}`"));
                Some(format!("`{}` is {value}", field.name))
            })
            .collect();
        words.join(" and ")
    }

    /// What would make two transitions exclude each other.
    pub(super) fn advice(&self, first: &Transition, second: &Transition) -> String {
        let name = |field: usize| {
            let field = self.fields.get(field);
            field.map_or("?", |field| field.name.as_str())
        };
        let text = |expr: &Expr| {
            expr.text_with_values(&name, &|field, value| self.value_name(field, value))
        };
        match (&first.when, &second.when) {
            (None, None) => {
                "leave one of the two out, or give each its own states with `in`".to_owned()
            }
            (Some(when), None) | (None, Some(when)) => {
                format!("give the other one `when: not ({})`", text(when))
            }
            (Some(first), Some(second)) => {
                let second = match second.op {
                    ExprOp::Binary(BinaryOp::Or, ..) => format!("({})", text(second)),
                    _ => text(second),
                };
                let first = text(first);
                format!("write this one as `when: {second} and not ({first})`")
            }
        }
    }

    /// The name of an enum's value.
    fn value_name(&self, field: usize, value: i128) -> Option<&str> {
        match self.fields.get(field)?.ty.number()?.kind {
            ScalarKind::Enum(id) => {
                let found = self.types.enumeration(id)?;
                found.name_of(u64::try_from(value).ok()?)
            }
            _ => None,
        }
    }

    /// The values of a field that can make a difference to the conditions; `None` if these are too many.
    fn domain(&self, index: usize, conditions: &[&Expr]) -> Option<Vec<i128>> {
        let field = self.fields.get(index)?;
        if let Role::Const(value) | Role::Id(value) = field.role {
            return Some(vec![value.into()]);
        }
        let scalar = field.ty.number()?;
        let small = |count: usize| count as u64 <= MAX_TRIED;
        match scalar.kind {
            ScalarKind::Enum(id) => {
                let found = self.types.enumeration(id)?;
                if found.unknown == Unknown::Reject {
                    let values = found.values.iter().map(|value| i128::from(value.value));
                    return Some(values.collect()).filter(|values: &Vec<i128>| small(values.len()));
                }
            }
            ScalarKind::Flags(id) => {
                let found = self.types.flag_set(id)?;
                if found.unknown == Unknown::Reject {
                    return subsets(found.known());
                }
            }
            _ => {}
        }
        let (min, max) = scalar.allowed();
        let mut points = vec![0];
        if conditions
            .iter()
            .all(|expr| compares(expr, index, &mut points))
        {
            // Between two numbers that it is compared with, all values are alike.
            let near = points
                .iter()
                .flat_map(|point| [point.saturating_sub(1), *point, point.saturating_add(1)]);
            let mut near: Vec<i128> = near
                .filter(|value| (min..=max).contains(value))
                .chain([min, max])
                .collect();
            near.sort_unstable();
            near.dedup();
            return Some(near);
        }
        let count = u64::try_from(max.checked_sub(min)?).ok()?;
        (count < MAX_TRIED).then(|| (min..=max).collect())
    }
}

/// All sets of the bits in `known`.
fn subsets(known: u64) -> Option<Vec<i128>> {
    if known.count_ones() > MAX_TRIED.ilog2() {
        return None;
    }
    let mut sets = Vec::new();
    let mut set = known;
    loop {
        sets.push(i128::from(set));
        if set == 0 {
            return Some(sets);
        }
        set = (set - 1) & known;
    }
}

/// Whether a condition does no more with a field than to compare it with numbers, which are added to
/// `points`, zero among them where the field is a condition itself.
fn compares(expr: &Expr, field: usize, points: &mut Vec<i128>) -> bool {
    let is_field = |expr: &Expr| matches!(expr.op, ExprOp::Field(found) if found == field);
    match &expr.op {
        ExprOp::Int(_) | ExprOp::Field(_) | ExprOp::Measure(..) => true,
        ExprOp::Not(operand) => compares(operand, field, points),
        ExprOp::Binary(BinaryOp::And | BinaryOp::Or, a, b) => {
            compares(a, field, points) && compares(b, field, points)
        }
        ExprOp::Binary(
            BinaryOp::Eq | BinaryOp::Ne | BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge,
            a,
            b,
        ) => match (&a.op, &b.op) {
            (_, ExprOp::Int(point)) if is_field(a) => {
                points.push(*point);
                true
            }
            (ExprOp::Int(point), _) if is_field(b) => {
                points.push(*point);
                true
            }
            _ => !expr.fields().contains(&field),
        },
        ExprOp::Binary(..) => !expr.fields().contains(&field),
    }
}
