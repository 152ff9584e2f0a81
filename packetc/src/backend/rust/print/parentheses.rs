//! Needless parentheses.
//!
//! Pieces of expressions put parentheses around themselves, because they do not know what they become an
//! operand of. Where that is nothing, the compiler would warn of them.

use super::level::Last;
use proc_macro2::{Delimiter, Group, TokenTree};

/// Whether parentheses behind `last` and in front of `next` are around something that is no operand: a whole
/// argument, what is assigned or returned, a condition, a statement.
pub(super) fn are_needless(group: &Group, last: Last, next: Option<&TokenTree>) -> bool {
    let is_condition = last == Last::Condition;
    if !is_condition && !matches!(last, Last::Value | Last::Comma | Last::Arrow) {
        return false;
    }
    match next {
        None => {}
        Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), ',' | ';') => {}
        Some(TokenTree::Group(group)) if is_condition && group.delimiter() == Delimiter::Brace => {}
        Some(_) => return false,
    }
    let mut inner = group.stream().into_iter().peekable();
    inner.peek().is_some()
        && inner.all(|token| match &token {
            // A tuple.
            TokenTree::Punct(punct) => punct.as_char() != ',',
            // What begins a block behind a condition.
            TokenTree::Group(group) => !is_condition || group.delimiter() != Delimiter::Brace,
            _ => true,
        })
}
