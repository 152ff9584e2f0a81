//! The bytes that a fingerprint is made of: the same on all platforms and with all compilers.
//!
//! In: numbers, bytes, lists of them. Out: bytes of which each piece says where it ends, so that no two different things are
//! written alike, and their SHA-256. What the pieces mean is the affair of whoever writes them; neither `Debug` nor `Hash`
//! has a say in it.
//!
//! What the language can say one day is written with the next free tag in front of an end, and only where it is said: so schemas
//! that do not say it keep their fingerprints.
//!
//! | Piece | Bytes |
//! |---|---|
//! | tag, truth value | 1 |
//! | number, size | 8, most significant first |
//! | integer with a sign | 16 in two's complement, most significant first |
//! | digest | 32 |
//! | bytes | their number, and then they |
//! | what need not be said | nothing, or a tag from 1 on and then it |
//! | end of what can grow | 0 |
//! | list | the number of entries, and then these |
//! | set | as the list of the entries' digests in their order, each once |

/// A SHA-256.
pub(super) type Digest = [u8; 32];

/// The canonical form of something, as far as it is written.
#[derive(Default)]
pub(super) struct Canonical {
    bytes: Vec<u8>,
}

impl Canonical {
    /// Which of several forms the following has. A tag never gets another meaning.
    pub(super) fn tag(&mut self, tag: u8) {
        self.bytes.push(tag);
    }

    pub(super) fn truth(&mut self, truth: bool) {
        self.tag(truth.into());
    }

    pub(super) fn number(&mut self, number: u64) {
        self.bytes.extend(number.to_be_bytes());
    }

    pub(super) fn size(&mut self, size: usize) {
        self.number(size as u64);
    }

    pub(super) fn integer(&mut self, integer: i128) {
        self.bytes.extend(integer.to_be_bytes());
    }

    pub(super) fn digest(&mut self, digest: &Digest) {
        self.bytes.extend(digest);
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.size(bytes.len());
        self.bytes.extend(bytes);
    }

    /// What need not be said. The tags of a thing rise, and none is 0.
    pub(super) fn said<T>(&mut self, tag: u8, what: Option<T>, write: impl FnOnce(&mut Self, T)) {
        if let Some(what) = what {
            self.tag(tag);
            write(self, what);
        }
    }

    /// What need not be said, and is either said or not.
    pub(super) fn flag(&mut self, tag: u8, said: bool) {
        self.said(tag, said.then_some(()), |_, ()| {});
    }

    /// The end of something that can grow.
    pub(super) fn end(&mut self) {
        self.tag(0);
    }

    pub(super) fn list<T>(
        &mut self,
        entries: impl ExactSizeIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.size(entries.len());
        for entry in entries {
            write(self, entry);
        }
    }

    /// Entries that have no order, and of which two that are alike are one.
    pub(super) fn set(&mut self, mut entries: Vec<Digest>) {
        entries.sort_unstable();
        entries.dedup();
        self.list(entries.iter(), Self::digest);
    }

    /// What was written, by itself: to sort by, or to be a piece of something else.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The SHA-256 of what was written.
    pub(super) fn finish(self) -> Digest {
        hmac_sha256::Hash::hash(&self.bytes)
    }
}
