//! The files of a schema: their texts, and one space of offsets over all of them.
//!
//! A span is a range of that space. The schema that is compiled begins at 0, each file that it imports at an
//! offset of its own behind. Nothing here opens a file: whoever compiles lends a [`Loader`].

use crate::diagnostic::{Diagnostic, Diagnostics, Span};

/// Most bytes of a schema with all that it imports.
pub const MAX_SOURCE: usize = 16 << 20;

/// A file as a [`Loader`] read it.
#[derive(Clone, Debug)]
pub struct File {
    /// What tells it from other files, however it was reached. Nobody sees it.
    pub id: String,
    /// What diagnostics call it.
    pub name: String,
    /// What is in it. Of a file over [`MAX_SOURCE`] one byte more than that is enough.
    pub bytes: Vec<u8>,
}

/// Reads the files that a schema imports.
///
/// ```
/// use packet_schema::source::{File, Loader};
///
/// // From memory; a function will do.
/// fn load(path: &str) -> Result<File, String> {
///     match path {
///         "common.yaml" => Ok(File {
///             id: path.to_owned(),
///             name: path.to_owned(),
///             bytes: b"protocol: common\ntypes: { Id: u32 }\n".to_vec(),
///         }),
///         _ => Err("there is no such file".to_owned()),
///     }
/// }
/// let main = File {
///     id: "main.yaml".to_owned(),
///     name: "main.yaml".to_owned(),
///     bytes: b"protocol: main\nimports: { common: common.yaml }\npackets: { P: { fields: [id: common.Id] } }\n".to_vec(),
/// };
/// let (sources, compiled) = packet_schema::compile_files(main, &mut load);
/// assert_eq!(sources.files().len(), 2);
/// assert!(compiled.is_ok());
/// ```
pub trait Loader {
    /// The file at `path`, which starts at the root folder. Its parts are separated by `/`; none of them is
    /// empty, `.` or `..`.
    ///
    /// # Errors
    /// Why there is no such file, or none that may be read; stands behind "cannot import …: ".
    fn load(&mut self, path: &str) -> Result<File, String>;
}

impl<F: FnMut(&str) -> Result<File, String>> Loader for F {
    fn load(&mut self, path: &str) -> Result<File, String> {
        self(path)
    }
}

/// One file with its place among the others.
#[derive(Clone, Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    base: usize,
}

impl SourceFile {
    /// What diagnostics call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text. Bytes that are no text are replaced, and the text of a file that is too large is left out.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A span in this file, counted from its first byte and inside of it.
    pub fn local(&self, span: Span) -> Span {
        let inside = |at: usize| at.saturating_sub(self.base).min(self.text.len());
        Span::new(inside(span.start), inside(span.end))
    }
}

/// All files of a schema, the one that was compiled first.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// All files.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The file in which a span begins; `None` if there is no file at all.
    pub fn file_of(&self, span: Span) -> Option<&SourceFile> {
        let behind = self.files.partition_point(|file| file.base <= span.start);
        self.files.get(behind.saturating_sub(1))
    }

    /// Whether a span begins in a file that was imported.
    pub fn is_imported(&self, span: Span) -> bool {
        self.files
            .get(1)
            .is_some_and(|first| first.base <= span.start)
    }

    /// How many bytes all files have.
    pub(crate) fn len(&self) -> usize {
        self.files.iter().map(|file| file.text.len()).sum()
    }

    /// Adds a file, and gives its text and where that begins; `None` if it is no text.
    ///
    /// Raises P0102 (too large), P0123 (not UTF-8).
    pub(crate) fn add(
        &mut self,
        name: String,
        bytes: Vec<u8>,
        diagnostics: &mut Diagnostics,
    ) -> Option<(&str, usize)> {
        // Text without its escapes can be longer than it was written, and its places reach as far.
        let base = self
            .files
            .last()
            .map_or(0, |last| last.base + 2 * last.text.len() + 1);
        let problem = if self.len() + bytes.len() > MAX_SOURCE {
            let problem = Diagnostic::error(
                "P0102",
                Span::new(base, base),
                format!("a schema has at most {MAX_SOURCE} bytes with all that it imports"),
            );
            Some((problem.help("split the schema"), String::new()))
        } else {
            None
        };
        let (problem, text) = match problem {
            Some((problem, text)) => (Some(problem), text),
            None => match String::from_utf8(bytes) {
                Ok(text) => (None, text),
                Err(error) => {
                    let at = base + error.utf8_error().valid_up_to();
                    let (problem, text) = not_utf8(error.as_bytes(), at);
                    (Some(problem), text)
                }
            },
        };
        let whole = problem.is_none();
        diagnostics.extend(problem);
        self.files.push(SourceFile { name, text, base });
        let added = self.files.last()?;
        whole.then_some((added.text.as_str(), added.base))
    }
}

/// What to say about bytes that stop being UTF-8 `at` a place, and what of them can be shown.
fn not_utf8(bytes: &[u8], at: usize) -> (Diagnostic, String) {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .as_chunks()
            .0
            .iter()
            .skip(1)
            .map(|pair| unit(*pair))
            .collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => Some(wide(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Some(wide(u16::from_be_bytes)),
        _ => None,
    };
    let (what, text) = match text {
        Some(text) => ("the file is UTF-16", text),
        None => (
            "the file is not UTF-8 text",
            String::from_utf8_lossy(bytes).into_owned(),
        ),
    };
    let problem = Diagnostic::error("P0123", Span::new(at, at), what).help("save it as UTF-8");
    (problem, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_in_the_file_where_it_begins() {
        let mut sources = SourceMap::default();
        assert!(sources.file_of(Span::new(0, 0)).is_none());
        let mut diagnostics = Diagnostics::new();
        for (name, text) in [("a", "one"), ("b", ""), ("c", "three")] {
            let added = sources.add(name.to_owned(), text.into(), &mut diagnostics);
            assert_eq!(added.map(|(found, _)| found), Some(text));
        }
        for file in sources.files() {
            let at = Span::new(file.base, file.base + 2);
            let found = sources.file_of(at).map(SourceFile::name);
            assert_eq!(found, Some(file.name()));
            assert_eq!(file.local(at), Span::new(0, 2.min(file.text.len())));
            assert_eq!(sources.is_imported(at), file.name() != "a");
        }
        let beyond = Span::new(99, 999);
        assert_eq!(sources.file_of(beyond).map(SourceFile::name), Some("c"));
        assert_eq!(sources.files()[2].local(beyond), Span::new(5, 5));
    }

    /// The message for some bytes, the place, and the text that is shown.
    fn check(bytes: &[u8], message: &str, at: usize, shown: &str) {
        let (mut sources, mut diagnostics) = (SourceMap::default(), Diagnostics::new());
        assert!(
            sources
                .add("a".to_owned(), bytes.to_vec(), &mut diagnostics)
                .is_none()
        );
        let problems = diagnostics.into_sorted();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].message, message);
        assert_eq!(problems[0].primary.span, Span::new(at, at));
        assert_eq!(sources.files()[0].text(), shown);
    }

    #[test]
    fn what_is_no_text_is_one_problem() {
        check(b"a: \xff", "the file is not UTF-8 text", 3, "a: \u{fffd}");
        check(b"\xff\xfea\0:\0", "the file is UTF-16", 0, "a:");
        check(b"\xfe\xff\0a\0", "the file is UTF-16", 0, "a");
        let large = vec![b' '; MAX_SOURCE + 1];
        let message = "a schema has at most 16777216 bytes with all that it imports";
        check(&large, message, 0, "");
    }
}
