//! Generated code is text made by a printer that knows no syntax: what a compiler reads from it is compared
//! with what a compiler reads from the tokens.
#![allow(clippy::unwrap_used)] // a test fails where it panics

use packet_schema::compile;
use packet_schema::layout::Layout;
use packet_tests::codecs::ALL;
use packet_tests::schemas::schema;
use packetc::backend::rust::{Options, generate, items};
use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprParen, File, Macro, Meta, token};

const SCHEMAS: u64 = 40;

#[test]
fn the_text_of_bundled_schemas_is_that_of_the_tokens() {
    for protocol in ALL {
        let layout = protocol.layout();
        check(&layout.protocol, &layout);
    }
}

#[test]
fn the_text_of_random_schemas_is_that_of_the_tokens() {
    for seed in 1..=2 * SCHEMAS {
        let source = schema(seed, seed > SCHEMAS);
        let layout = compile(&source)
            .unwrap_or_else(|problems| panic!("{seed}: {problems:#?}"))
            .layout;
        check(&seed.to_string(), &layout);
    }
}

#[track_caller]
fn check(name: &str, layout: &Layout) {
    let text = &generate(layout, &Options::default())[0].contents;
    let read: File = syn::parse_str(text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
    let meant: File = syn::parse2(items(layout, &Options::default())).unwrap();
    assert_eq!(read.items.len(), meant.items.len(), "{name}");
    for (read, meant) in read.items.into_iter().zip(meant.items) {
        let mut files = [read, meant].map(|item| File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: vec![item],
        });
        for file in &mut files {
            Same.visit_file_mut(file);
        }
        let [read, meant] = files.map(|file| plain(file.to_token_stream()).to_string());
        let same = read
            .bytes()
            .zip(meant.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        let rest = |text: &str| {
            text[same.saturating_sub(60)..]
                .chars()
                .take(160)
                .collect::<String>()
        };
        assert_eq!(rest(&read), rest(&meant), "{name}");
        assert_eq!(read.len(), meant.len(), "{name}");
    }
    for (number, line) in text.lines().enumerate() {
        assert_eq!(line, line.trim_end(), "{name}: line {number}");
    }
}

/// Brings what may differ into one form.
struct Same;

impl VisitMut for Same {
    /// Parentheses where there is anything to be bound, and nowhere else.
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        while let Expr::Paren(ExprParen { expr: inner, .. }) = expr {
            *expr = std::mem::replace(inner, Expr::PLACEHOLDER);
        }
        visit_mut::visit_expr_mut(self, expr);
        if matches!(
            expr,
            Expr::Binary(_) | Expr::Unary(_) | Expr::Cast(_) | Expr::Range(_) | Expr::Closure(_)
        ) {
            *expr = Expr::Paren(ExprParen {
                attrs: Vec::new(),
                paren_token: token::Paren::default(),
                expr: Box::new(std::mem::replace(expr, Expr::PLACEHOLDER)),
            });
        }
    }

    /// What a macro stands for is items too.
    fn visit_macro_mut(&mut self, called: &mut Macro) {
        let holds_items = called.path.is_ident("macro_rules");
        let tokens = std::mem::take(&mut called.tokens).into_iter();
        let tokens = tokens.map(|token| match token {
            TokenTree::Group(group) if holds_items && group.delimiter() == Delimiter::Brace => {
                let mut file: File = syn::parse2(without_dollars(group.stream())).unwrap();
                self.visit_file_mut(&mut file);
                TokenTree::Group(Group::new(Delimiter::Brace, file.into_token_stream()))
            }
            // No compiler asks how far apart the marks of an argument stand.
            TokenTree::Punct(punct) if matches!(punct.as_char(), '<' | '>') => {
                TokenTree::Punct(Punct::new(punct.as_char(), Spacing::Alone))
            }
            token => token,
        });
        called.tokens = tokens.collect();
    }

    /// One attribute for each line of documentation, without blanks at its end.
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        let mut same: Vec<Attribute> = Vec::new();
        for attribute in attributes.drain(..) {
            match documentation(&attribute) {
                Some(text) => {
                    for line in text.split('\n') {
                        let line = line.trim_end();
                        same.push(syn::parse_quote!(#[doc = #line]));
                    }
                }
                None => same.push(attribute),
            }
        }
        *attributes = same;
    }
}

/// Names as if they were no parameters of a macro.
fn without_dollars(tokens: TokenStream) -> TokenStream {
    let is_dollar =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == '$');
    let tokens = tokens.into_iter().filter(|token| !is_dollar(token));
    let tokens = tokens.map(|token| match token {
        TokenTree::Group(group) => {
            let inner = without_dollars(group.stream());
            TokenTree::Group(Group::new(group.delimiter(), inner))
        }
        token => token,
    });
    tokens.collect()
}

fn documentation(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Without commas in front of a closing delimiter, but those of tuples, and with plain numbers.
fn plain(tokens: TokenStream) -> TokenStream {
    let mut done: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let token = match token {
            TokenTree::Group(group) => {
                let mut inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let is_tuple = group.delimiter() == Delimiter::Parenthesis
                    && inner.iter().filter(|token| is_comma(token)).count() == 1
                    && done.last().is_none_or(|before| matches!(before, TokenTree::Punct(punct) if punct.as_char() != '>'));
                if inner.last().is_some_and(is_comma) && !is_tuple {
                    inner.pop();
                }
                let inner = plain(inner.into_iter().collect());
                TokenTree::Group(Group::new(group.delimiter(), inner))
            }
            TokenTree::Literal(literal) => {
                let text = literal.to_string();
                if text.starts_with(|c: char| c.is_ascii_digit()) {
                    TokenTree::Literal(text.replace('_', "").parse().unwrap())
                } else {
                    TokenTree::Literal(literal)
                }
            }
            token => token,
        };
        done.push(token);
    }
    done.into_iter().collect()
}

fn is_comma(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')
}
