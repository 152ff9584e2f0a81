//! What the tokens of one group so far say about the next one.

use super::flat::Contents;

/// What stood last, where the next token's meaning hangs on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Last {
    /// What a value follows: nothing, a `=`, a `:`, a `;`, a `return`.
    #[default]
    Value,
    Comma,
    /// A keyword that a condition follows.
    Condition,
    Other,
    Hash,
    /// A name that begins as types do.
    Type,
    /// What parameters or arguments belong to: `impl`, `fn`, a function's name, the `!` of a macro.
    Calling,
    /// A `fn`, which its name follows.
    Function,
    Path,
    Arrow,
}

/// What is known in the middle of a group.
#[derive(Default)]
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own
pub(super) struct Level {
    pub(super) contents: Contents,
    /// Whether the last token wants a space behind it.
    pub(super) after: bool,
    /// Whether the last token ends an operand.
    pub(super) is_operand: bool,
    pub(super) last: Last,
    /// How many lists of types' parameters are open.
    pub(super) angles: usize,
    /// Whether the outermost of them declares parameters, as behind `impl`.
    pub(super) declares: bool,
    /// Whether a closure's parameters are open.
    pub(super) in_bars: bool,
    /// Whether braces belong to a pattern.
    pub(super) in_pattern: bool,
    /// What the next braces hold because of a keyword, and whether they always stand on lines of their own.
    pub(super) pending: Option<(Contents, bool)>,
    /// Whether a token of the statement that is no attribute has come.
    pub(super) started: bool,
    /// Whether the statement is a constant.
    pub(super) is_constant: bool,
    pub(super) assigned: bool,
    /// Whether the statement is a `use`.
    pub(super) is_import: bool,
    pub(super) has_semicolon: bool,
    /// How many elements have ended.
    pub(super) commas: usize,
}

impl Level {
    pub(super) fn set(&mut self, after: bool, is_operand: bool, last: Last) {
        self.after = after;
        self.is_operand = is_operand;
        self.last = last;
        if last != Last::Hash {
            self.started = true;
        }
    }

    /// A name or a keyword.
    pub(super) fn ident(&mut self, word: &str) {
        let begins = !self.started && self.contents != Contents::List;
        let mut last = Last::Other;
        let mut is_operand = false;
        match word {
            "match" => {
                self.pending = Some((Contents::Arms, true));
                last = Last::Condition;
            }
            "if" => {
                self.pending = Some((Contents::Block, begins));
                last = Last::Condition;
            }
            // As the branch before.
            "else" => self.pending = Some((Contents::Block, false)),
            "return" => last = Last::Value,
            "while" | "loop" | "unsafe" => self.pending = Some((Contents::Block, true)),
            "for" if self.pending.is_none() => self.pending = Some((Contents::Block, true)),
            "fn" => {
                self.pending = Some((Contents::Block, true));
                last = Last::Function;
            }
            "impl" | "mod" | "trait" => {
                self.pending = Some((Contents::Items, true));
                last = Last::Calling;
            }
            // Its name follows, and then rules that hold items.
            "macro_rules" => {
                self.pending = Some((Contents::Items, true));
                is_operand = true;
            }
            "struct" | "enum" if self.contents != Contents::List => {
                self.pending = Some((Contents::List, true));
            }
            "let" => self.in_pattern = true,
            "const" if begins => self.is_constant = true,
            "use" => self.is_import = true,
            "pub" => last = Last::Calling,
            "as" | "break" | "continue" | "dyn" | "for" | "in" | "move" | "mut" | "ref"
            | "static" | "type" | "where" | "const" => {}
            _ => {
                is_operand = true;
                last = if self.last == Last::Function {
                    Last::Calling
                } else if word.starts_with(|c: char| c.is_ascii_uppercase()) {
                    Last::Type
                } else {
                    Last::Other
                };
            }
        }
        // What can come in front of an item's keyword.
        let started = !begins || !matches!(word, "pub" | "unsafe");
        self.set(true, is_operand, last);
        self.started = started;
    }

    /// What braces hold, and whether they always stand on lines of their own.
    pub(super) fn brace(&mut self) -> (Contents, bool) {
        if self.in_pattern {
            return (Contents::List, false);
        }
        if let Some(pending) = self.pending.take() {
            return pending;
        }
        if self.is_constant && self.assigned && !self.is_operand {
            return (Contents::Items, true);
        }
        if self.is_operand {
            return (Contents::List, false);
        }
        (
            Contents::Block,
            !self.started && self.contents != Contents::List,
        )
    }

    pub(super) fn element(&mut self) {
        if self.contents == Contents::Arms {
            self.in_pattern = true;
        }
        self.pending = None;
    }

    pub(super) fn statement(&mut self) {
        self.started = false;
        self.pending = None;
        self.in_pattern = false;
        self.is_constant = false;
        self.assigned = false;
        self.is_import = false;
        self.angles = 0;
        if self.contents == Contents::Block || self.contents == Contents::Items {
            self.has_semicolon = true;
        }
    }

    pub(super) fn arrow(&mut self) {
        self.in_pattern = false;
        // Behind an arrow among items is what a macro stands for.
        let is_rule = self.contents == Contents::Items;
        self.pending = is_rule.then_some((Contents::Items, true));
    }

    /// Whether a `<` begins the parameters of a type or a function.
    pub(super) fn begins_parameters(&self) -> bool {
        !self.is_operand || matches!(self.last, Last::Type | Last::Calling | Last::Path)
    }
}
