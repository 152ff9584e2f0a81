//! The pages of `docs/errors`: what each diagnostic means and what to do about it, with examples.
//!
//! In: a code. Out: text. The pages are part of the program, so they always fit what it reports.

use crate::render::Style;
use std::fmt::Write;

/// The texts of all pages, in the order of their codes.
const PAGES: &[&str] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// What there is to say about one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// The code, such as `P0203`.
    pub code: &'static str,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Everything below the title, as Markdown.
    pub body: &'static str,
}

/// All pages, in the order of their codes.
pub fn pages() -> impl Iterator<Item = Page> {
    PAGES.iter().filter_map(|text| {
        let (heading, body) = text.split_once('\n')?;
        let (code, title) = heading.strip_prefix("# ")?.split_once(": ")?;
        Some(Page {
            code,
            title,
            body: body.trim_start(),
        })
    })
}

/// The page about `code`, in whichever case it is written.
pub fn page(code: &str) -> Option<Page> {
    pages().find(|page| page.code.eq_ignore_ascii_case(code))
}

impl Page {
    /// The page as a terminal shows it: examples are indented, below a word that says what they are.
    pub fn shown(&self, style: Style) -> String {
        let bold = |text: &str| match style {
            Style::Plain => text.to_owned(),
            Style::Colour => format!("\x1b[1m{text}\x1b[0m"),
        };
        let mut text = bold(&format!("{}: {}", self.code, self.title)) + "\n\n";
        let mut in_example = false;
        for line in self.body.lines() {
            // Writing to a `String` cannot fail.
            let _ = match line.strip_prefix("```") {
                Some(_) if in_example => {
                    in_example = false;
                    continue;
                }
                Some(words) => {
                    in_example = true;
                    let wrong = words.contains("error=") || words.contains("warning=");
                    let caption = if wrong { "Wrong:" } else { "Right:" };
                    writeln!(text, "{}\n", bold(caption))
                }
                None if in_example && !line.is_empty() => writeln!(text, "    {line}"),
                None => writeln!(text, "{line}"),
            };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_by_its_code_in_any_case() {
        assert_eq!(page("p0203"), page("P0203"));
        assert_eq!(
            page("P0203").map(|page| page.title),
            Some("the name of a built-in type")
        );
        assert_eq!(page("P0000"), None);
        assert_eq!(page(""), None);
    }

    #[test]
    fn every_page_can_be_read() {
        assert_eq!(pages().count(), PAGES.len());
    }

    #[test]
    fn examples_are_set_apart() {
        let page = Page {
            code: "P0001",
            title: "nothing",
            body: "Why.\n\n```yaml fragment=fields error=P0001\n- a:\n\n- b:\n```\n\n```yaml\n- a: u8\n```\n",
        };
        let shown =
            "P0001: nothing\n\nWhy.\n\nWrong:\n\n    - a:\n\n    - b:\n\nRight:\n\n    - a: u8\n";
        assert_eq!(page.shown(Style::Plain), shown);
        assert!(page.shown(Style::Colour).contains("\x1b[1mRight:\x1b[0m\n"));
    }
}
