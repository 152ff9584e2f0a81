//! Names of packets, structs and fields as static tables, and a field's path in them.
//!
//! An error holds a [`Path`] of small numbers rather than text; the tables turn it into `options[3].kind`
//! when somebody prints it.

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
}

impl FieldShape {
    /// A field without structure of its own.
    pub const fn leaf(name: &'static str) -> Self {
        Self { name, inner: None }
    }

    /// A field that holds a struct, or an array of structs.
    pub const fn nested(name: &'static str, inner: &'static Shape) -> Self {
        Self {
            name,
            inner: Some(inner),
        }
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
    pub fn fields(fields: &[u16]) -> Self {
        let mut path = Self {
            codes: [0; MAX_PATH],
            len: 0,
        };
        path.prepend(fields);
        path
    }

    /// This path inside the field `field`.
    #[must_use]
    pub fn within(mut self, field: u16) -> Self {
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

    /// Puts codes in front; what no longer fits is lost at the inner end.
    fn prepend(&mut self, codes: &[u16]) {
        let added = codes.len().min(MAX_PATH);
        let kept = usize::from(self.len).min(MAX_PATH - added);
        self.codes.copy_within(..kept, added);
        for (to, from) in self.codes.iter_mut().zip(codes) {
            *to = *from;
        }
        #[allow(clippy::cast_possible_truncation)] // at most MAX_PATH
        {
            self.len = (added + kept) as u8;
        }
    }

    fn codes(&self) -> &[u16] {
        self.codes.get(..usize::from(self.len)).unwrap_or(&[])
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
                let low = codes.next().unwrap_or(0);
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
