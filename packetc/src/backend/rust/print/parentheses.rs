//! Needless parentheses.
//!
//! Pieces of expressions put parentheses around themselves, because they do not know what they become an
//! operand of. Where that is nothing, the compiler would warn of them.

use proc_macro2::{Delimiter, Group, TokenTree};

/// The tokens of one group without parentheses around something that is no operand: a whole argument, what is
/// assigned or returned, a condition, a statement.
pub(super) fn without(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    let needless: Vec<bool> = (0..tokens.len())
        .map(|at| is_needless(&tokens, at))
        .collect();
    if !needless.contains(&true) {
        return tokens;
    }
    let mut kept = Vec::with_capacity(tokens.len() + 8);
    for (token, needless) in tokens.into_iter().zip(needless) {
        match token {
            TokenTree::Group(group) if needless => kept.extend(without(contents(group))),
            token => kept.push(token),
        }
    }
    kept
}

/// What is in a group.
pub(super) fn contents(group: Group) -> Vec<TokenTree> {
    let stream = group.stream();
    // The stream is copied as long as somebody else has it.
    drop(group);
    stream.into_iter().collect()
}

fn is_needless(tokens: &[TokenTree], at: usize) -> bool {
    let TokenTree::Group(group) = &tokens[at] else {
        return false;
    };
    if group.delimiter() != Delimiter::Parenthesis {
        return false;
    }
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    let condition = match before {
        None => false,
        Some(TokenTree::Punct(punct)) => match punct.as_char() {
            ',' | ';' => false,
            // Not `==`, `+=` or `::`.
            '=' | ':' if !is_joint(tokens, at - 1) => false,
            // `=>`.
            '>' if is_joint(tokens, at - 1) && is_punct(&tokens[at - 2], '=') => false,
            _ => return false,
        },
        Some(TokenTree::Ident(word)) if word == "return" => false,
        Some(TokenTree::Ident(word)) if word == "if" || word == "match" || word == "while" => true,
        Some(_) => return false,
    };
    match tokens.get(at + 1) {
        None => {}
        Some(TokenTree::Punct(punct)) if matches!(punct.as_char(), ',' | ';') => {}
        Some(TokenTree::Group(group)) if condition && group.delimiter() == Delimiter::Brace => {}
        Some(_) => return false,
    }
    let mut inner = group.stream().into_iter().peekable();
    inner.peek().is_some()
        && inner.all(|token| match &token {
            // A tuple.
            TokenTree::Punct(punct) => punct.as_char() != ',',
            // What begins a block behind a condition.
            TokenTree::Group(group) => !condition || group.delimiter() != Delimiter::Brace,
            _ => true,
        })
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}

/// Whether the punctuation at `at` goes on one before it.
fn is_joint(tokens: &[TokenTree], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    matches!(before, Some(TokenTree::Punct(punct)) if punct.spacing() == proc_macro2::Spacing::Joint)
}
