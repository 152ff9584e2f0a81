//! A schema's text with its path, and the step from byte offsets to lines and columns.

use packet_schema::diagnostic::Span;
use packet_schema::source::SourceMap;

/// Where the places of diagnostics lie: in one text, or in the files of a schema with imports.
#[derive(Clone, Copy, Debug)]
pub enum Sources<'a> {
    /// One text.
    One(Source<'a>),
    /// Several files.
    Files(&'a SourceMap),
}

impl<'a> Sources<'a> {
    /// The text in which a place lies, and the place in that text.
    pub(crate) fn locate(self, span: Span) -> (Source<'a>, Span) {
        match self {
            Self::One(source) => (source, span),
            Self::Files(sources) => match sources.file_of(span) {
                Some(file) => (Source::new(file.name(), file.text()), file.local(span)),
                None => (Source::new("", ""), Span::default()),
            },
        }
    }
}

impl<'a> From<Source<'a>> for Sources<'a> {
    fn from(source: Source<'a>) -> Self {
        Self::One(source)
    }
}

impl<'a> From<&'a SourceMap> for Sources<'a> {
    fn from(sources: &'a SourceMap) -> Self {
        Self::Files(sources)
    }
}

/// A schema as the user knows it: the path that was given and the text that was read.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Path as the user wrote it.
    pub path: &'a str,
    /// The whole text.
    pub text: &'a str,
}

/// A place in a text as editors count it, both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Line number.
    pub line: usize,
    /// Column in characters.
    pub column: usize,
}

impl<'a> Source<'a> {
    /// The text `text`, read from `path`.
    pub const fn new(path: &'a str, text: &'a str) -> Self {
        Self { path, text }
    }

    /// Where the byte `offset` stands; the end of the text if it lies beyond.
    ///
    /// ```
    /// use packetc::render::{Position, Source};
    ///
    /// let source = Source::new("a.yaml", "protocol: a\nendian: big\n");
    /// assert_eq!(source.position(20), Position { line: 2, column: 9 });
    /// ```
    pub fn position(&self, offset: usize) -> Position {
        let before = &self.text[..self.boundary(offset)];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// The bytes of whole lines, without the last line's end, that hold all of `spans`.
    pub(crate) fn lines_around(&self, spans: impl IntoIterator<Item = Span>) -> Span {
        let (start, end) = spans
            .into_iter()
            .fold((usize::MAX, 0), |(start, end), span| {
                (start.min(span.start), end.max(span.end).max(span.start))
            });
        let start = self.boundary(start.min(end));
        let end = self.boundary(end);
        Span::new(
            self.text[..start]
                .rfind('\n')
                .map_or(0, |newline| newline + 1),
            self.text[end..]
                .find('\n')
                .map_or(self.text.len(), |newline| end + newline),
        )
    }

    /// The whole lines of a place, or, if these have more bytes than `most`, as much of the first line as is
    /// around the beginning of the place.
    pub(crate) fn window(&self, span: Span, most: usize) -> Span {
        let lines = self.lines_around([span]);
        if lines.end - lines.start <= most {
            return lines;
        }
        let start = self.boundary(span.start);
        let line = self.lines_around([Span::new(start, start)]);
        let around = most / 8;
        Span::new(
            self.boundary(start.saturating_sub(around)).max(line.start),
            self.boundary(start + around).min(line.end),
        )
    }

    /// `offset` moved back, if need be, to where a character starts.
    pub(crate) fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        (0..=offset)
            .rev()
            .find(|&offset| self.text.is_char_boundary(offset))
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let source = Source::new("a", "é: ü\nx");
        assert_eq!(source.position(4), Position { line: 1, column: 4 });
        assert_eq!(source.position(6), Position { line: 1, column: 5 });
        assert_eq!(source.position(7), Position { line: 2, column: 1 });
    }

    #[test]
    fn an_offset_beyond_the_end_or_inside_a_character_is_moved_back() {
        let source = Source::new("a", "é");
        assert_eq!(source.position(1), Position { line: 1, column: 1 });
        assert_eq!(source.position(99), Position { line: 1, column: 2 });
    }

    #[test]
    fn lines_around_are_whole_lines() {
        let source = Source::new("a", "one\ntwo\nthree\nfour");
        let lines = source.lines_around([Span::new(9, 10), Span::new(5, 6)]);
        assert_eq!(&source.text[lines.start..lines.end], "two\nthree");
    }
}
