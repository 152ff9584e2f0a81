//! Names of packets, structs and fields as static tables, and a field's path in them.
//!
//! An error holds a [`Path`] of small numbers rather than text; the tables turn it into `options[3].kind`
//! when somebody prints it.

use crate::error::{DecodeError, EncodeError, EncodeErrorKind, ErrorKind};
use core::fmt;

/// The names in one packet or struct.
#[derive(Debug)]
pub struct Shape {
    /// Name of the packet or struct, as in the schema.
    pub name: &'static str,
    /// Its fields in wire order. A variant has one entry for itself and one for each of its cases.
    pub fields: &'static [FieldShape],
}

/// One field's name, and the shape of what is inside if the field holds a struct.
#[derive(Debug)]
pub struct FieldShape {
    /// Name as in the schema; a variant's case is `field.Case`.
    pub name: &'static str,
    /// The nested struct's shape.
    pub inner: Option<&'static Shape>,
    /// Bytes of a field that has a fixed place between its neighbours, else 0. The first field of a bit run
    /// has the bytes of the run, a nested struct those of its own fields.
    pub size: usize,
    /// Bytes in front of such a field that bring it to a multiple.
    pub gap: usize,
}

impl FieldShape {
    /// A field without structure of its own.
    pub const fn leaf(name: &'static str) -> Self {
        Self::fixed(name, 0)
    }

    /// A field without structure of its own that takes `size` bytes at a fixed place.
    pub const fn fixed(name: &'static str, size: usize) -> Self {
        Self {
            name,
            inner: None,
            size,
            gap: 0,
        }
    }

    /// The same field behind `gap` bytes that bring it to a multiple.
    #[must_use]
    pub const fn behind(self, gap: usize) -> Self {
        Self { gap, ..self }
    }

    /// A field that holds a struct, or an array of structs.
    pub const fn nested(name: &'static str, inner: &'static Shape) -> Self {
        Self {
            name,
            inner: Some(inner),
            size: 0,
            gap: 0,
        }
    }
}

/// A field that is being decoded or encoded.
#[derive(Clone, Copy, Debug)]
pub struct Site {
    /// The names of the struct that holds it.
    pub shape: &'static Shape,
    /// Its number there.
    pub field: u16,
}

impl Site {
    /// Field number `field` of `shape`.
    pub const fn new(shape: &'static Shape, field: u16) -> Self {
        Self { shape, field }
    }

    /// The error that this field is wrong at `offset`.
    #[cold]
    pub fn error(self, offset: usize, kind: ErrorKind) -> DecodeError {
        DecodeError::new(self.shape, self.field, offset, kind)
    }

    /// The error that element `index` of this field is wrong.
    #[cold]
    pub(crate) fn element(self, index: usize, error: DecodeError) -> DecodeError {
        error.within_element(self.shape, self.field, index)
    }

    /// The error that this field cannot be written.
    #[cold]
    pub const fn refused(self, kind: EncodeErrorKind) -> EncodeError {
        EncodeError::new(self.shape, self.field, kind)
    }

    /// The error that element `index` of this field cannot be written.
    #[cold]
    pub fn element_refused(self, index: usize, kind: EncodeErrorKind) -> EncodeError {
        EncodeError::at(self.shape, Path::element(self.field, index), kind)
    }
}

/// How many codes a path can hold. A field takes one, an array index two.
/// The schema compiler refuses a schema that nests deeper.
pub const MAX_PATH: usize = 14;

/// Marks the first of the two codes of an array index.
const INDEX: u16 = 0x8000;

/// A field's place in nested shapes: field numbers and array indices, outermost first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Path {
    codes: [u16; MAX_PATH],
    len: u8,
}

impl Path {
    /// The path to the field `field` of the outermost shape.
    pub const fn field(field: u16) -> Self {
        let mut codes = [0; MAX_PATH];
        codes[0] = field;
        Self { codes, len: 1 }
    }

    /// The path given by codes: field numbers, outermost first.
    #[must_use]
    pub const fn fields(fields: &[u16]) -> Self {
        let mut path = Self {
            codes: [0; MAX_PATH],
            len: 0,
        };
        path.prepend(fields);
        path
    }

    /// This path inside the field `field`.
    #[must_use]
    pub const fn within(mut self, field: u16) -> Self {
        self.prepend(&[field]);
        self
    }

    /// This path inside element `index` of the array `field`. An index over 2³¹ − 1 shows as that.
    #[must_use]
    pub fn within_element(mut self, field: u16, index: usize) -> Self {
        let index = index.min(0x7fff_ffff);
        // The mask leaves 15 bits in the upper and 16 in the lower code: no truncation.
        #[allow(clippy::cast_possible_truncation)]
        let (high, low) = ((index >> 16) as u16, (index & 0xffff) as u16);
        self.prepend(&[field, INDEX | high, low]);
        self
    }

    /// The path to element `index` of the array `field`, where that has no structure of its own.
    #[must_use]
    pub fn element(field: u16, index: usize) -> Self {
        Self {
            codes: [0; MAX_PATH],
            len: 0,
        }
        .within_element(field, index)
    }

    /// These codes in front of the ones that there are; what no longer fits is lost at the inner end.
    const fn prepend(&mut self, added: &[u16]) {
        let mut codes = [0; MAX_PATH];
        let mut len = 0;
        while len < MAX_PATH && len < added.len() {
            codes[len] = added[len];
            len += 1;
        }
        let mut kept = 0;
        while len < MAX_PATH && kept < MAX_PATH && kept < self.len as usize {
            codes[len] = self.codes[kept];
            len += 1;
            kept += 1;
        }
        self.codes = codes;
        #[allow(clippy::cast_possible_truncation)] // at most MAX_PATH
        {
            self.len = len as u8;
        }
    }

    fn codes(&self) -> &[u16] {
        self.codes.get(..usize::from(self.len)).unwrap_or(&[])
    }

    /// The outermost field, if there is one.
    #[cfg(feature = "proptest")]
    pub(crate) fn first_field(&self) -> Option<u16> {
        self.codes().first().copied()
    }

    /// Writes the path with the names of `shape`: `servers[2].name`.
    ///
    /// # Errors
    /// Those of the formatter.
    pub fn render(&self, shape: &Shape, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shape = Some(shape);
        let mut first = true;
        let mut codes = self.codes().iter().copied();
        while let Some(code) = codes.next() {
            if code & INDEX != 0 {
                let Some(low) = codes.next() else {
                    return f.write_str("[?]"); // the path was cut inside the index
                };
                write!(f, "[{}]", u32::from(code & !INDEX) << 16 | u32::from(low))?;
                continue;
            }
            let field = shape.and_then(|shape| shape.fields.get(usize::from(code)));
            if !first {
                f.write_str(".")?;
            }
            first = false;
            f.write_str(field.map_or("?", |field| field.name))?;
            shape = field.and_then(|field| field.inner);
        }
        Ok(())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.codes()).finish()
    }
}

/// A field's path with its names, ready to print.
#[derive(Clone, Copy, Debug)]
pub struct FieldPath<'a> {
    pub(crate) shape: &'static Shape,
    pub(crate) path: &'a Path,
}

impl fmt::Display for FieldPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.render(self.shape, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::format;
    use std::string::{String, ToString};

    static NAME: Shape = Shape {
        name: "Name",
        fields: &[FieldShape::leaf("len"), FieldShape::leaf("text")],
    };
    static SERVER: Shape = Shape {
        name: "Server",
        fields: &[FieldShape::leaf("port"), FieldShape::nested("name", &NAME)],
    };
    static LIST: Shape = Shape {
        name: "List",
        fields: &[
            FieldShape::leaf("flags"),
            FieldShape::nested("servers", &SERVER),
        ],
    };

    fn render(path: &Path) -> String {
        FieldPath { shape: &LIST, path }.to_string()
    }

    #[track_caller]
    fn check(path: Path, expected: &str) {
        assert_eq!(render(&path), expected);
    }

    #[test]
    fn renders_names_and_indices_from_the_outside_in() {
        check(Path::fields(&[]), "");
        check(Path::field(0), "flags");
        check(Path::fields(&[1, 1, 0]), "servers.name.len");
        check(Path::element(1, 7), "servers[7]");
        check(Path::field(1).within_element(1, 2), "servers[2].name");
        check(
            Path::field(1).within(1).within_element(1, 2),
            "servers[2].name.text",
        );
    }

    #[test]
    fn renders_large_indices_and_caps_them() {
        check(Path::element(0, 0x1_2345), "flags[74565]");
        check(Path::element(0, 0x7fff_ffff), "flags[2147483647]");
        check(Path::element(0, usize::MAX), "flags[2147483647]");
    }

    #[test]
    fn renders_numbers_that_name_no_field_as_question_marks() {
        check(Path::field(9), "?");
        check(Path::fields(&[0, 3, 1]), "flags.?.?");
    }

    #[test]
    fn a_path_too_deep_loses_its_inner_end() {
        let mut path = Path::field(0);
        for _ in 0..100 {
            path = path.within(1);
        }
        let text = render(&path);
        assert!(text.starts_with("servers.name"), "{text}");
        assert_eq!(text.split('.').count(), MAX_PATH);

        assert_eq!(Path::fields(&[1; 100]), Path::fields(&[1; MAX_PATH]));
    }

    #[test]
    fn an_index_cut_in_half_shows_as_unknown() {
        let inside = |depth| (0..depth).fold(Path::element(0, 5), |path: Path, _| path.within(0));
        let end = |depth| {
            render(&inside(depth))
                .split('.')
                .next_back()
                .map(String::from)
        };
        assert_eq!(end(MAX_PATH - 3).as_deref(), Some("?[5]"));
        assert_eq!(end(MAX_PATH - 2).as_deref(), Some("?[?]"));
        assert_eq!(end(MAX_PATH - 1).as_deref(), Some("?"));
    }

    #[test]
    fn equal_paths_are_equal_however_they_were_made() {
        assert_eq!(Path::fields(&[1, 1, 0]), Path::field(0).within(1).within(1));
        assert_eq!(Path::element(1, 2), Path::fields(&[]).within_element(1, 2));
        assert_ne!(Path::element(1, 2), Path::element(1, 3));
        assert_eq!(format!("{:?}", Path::fields(&[1, 0])), "[1, 0]");
    }
}
