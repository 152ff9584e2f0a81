//! Writes generated files, or says how those on disk differ. Nothing else writes a file.

use crate::backend::OutputFile;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// Writes `files` into the folder `dir`, which is made if need be, and returns the paths of those that
/// changed.
///
/// A file that already has the right contents is left alone, so that nothing that depends on it is
/// built again.
///
/// # Errors
/// When a file or folder cannot be made, or a file's path leads out of `dir`.
pub fn emit(files: &[OutputFile], dir: &Path) -> Result<Vec<PathBuf>, EmitError> {
    let mut changed = Vec::new();
    for file in files {
        let path = destination(file, dir)?;
        if read(&path)?.as_deref() == Some(file.contents.as_bytes()) {
            continue;
        }
        let parent = path.parent().unwrap_or(dir);
        fs::create_dir_all(parent).map_err(|error| EmitError::new("create", parent, error))?;
        fs::write(&path, &file.contents).map_err(|error| EmitError::new("write", &path, error))?;
        changed.push(path);
    }
    Ok(changed)
}

/// What [`emit`] would change in the folder `dir`.
///
/// # Errors
/// When a file is there but cannot be read, or a file's path leads out of `dir`.
pub fn check<'a>(files: &'a [OutputFile], dir: &Path) -> Result<Vec<Difference<'a>>, EmitError> {
    let mut differences = Vec::new();
    for file in files {
        let path = destination(file, dir)?;
        let found = read(&path)?;
        if found.as_deref() != Some(file.contents.as_bytes()) {
            differences.push(Difference {
                path,
                found: found.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
                expected: &file.contents,
            });
        }
    }
    Ok(differences)
}

/// A file on disk that is not what would be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference<'a> {
    /// Where it is or should be.
    pub path: PathBuf,
    /// What is there; `None` if nothing is.
    pub found: Option<String>,
    /// What should be there.
    pub expected: &'a str,
}

/// A file or folder could not be read or written.
#[derive(Debug)]
pub struct EmitError {
    action: &'static str,
    path: PathBuf,
    source: io::Error,
}

impl EmitError {
    fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self {
            action,
            path: path.to_owned(),
            source,
        }
    }
}

impl fmt::Display for EmitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot {} {}: {}",
            self.action,
            self.path.display(),
            self.source
        )
    }
}

impl std::error::Error for EmitError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// The contents of a file, if there is one.
fn read(path: &Path) -> Result<Option<Vec<u8>>, EmitError> {
    match fs::read(path) {
        Ok(contents) => Ok(Some(contents)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(EmitError::new("read", path, error)),
    }
}

/// Where the file goes. Names of files stem from schemas, which may be strangers', so that they are
/// not trusted to stay inside.
fn destination(file: &OutputFile, dir: &Path) -> Result<PathBuf, EmitError> {
    let relative = Path::new(&file.path);
    let is_inside = relative.components().next().is_some()
        && relative
            .components()
            .all(|component| matches!(component, Component::Normal(_)));
    if is_inside {
        return Ok(dir.join(relative));
    }
    let reason = io::Error::new(
        io::ErrorKind::InvalidInput,
        "the path of a generated file must stay inside the output folder",
    );
    Err(EmitError::new("write", relative, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, contents: &str) -> OutputFile {
        OutputFile {
            path: path.to_owned(),
            contents: contents.to_owned(),
        }
    }

    #[test]
    fn writes_what_changed_and_nothing_else() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let files = [file("a.rs", "a"), file("deep/er/b.rs", "b")];
        assert_eq!(emit(&files, dir.path()).expect("first").len(), 2);
        assert_eq!(
            emit(&files, dir.path()).expect("second"),
            Vec::<PathBuf>::new()
        );
        let files = [file("a.rs", "changed"), file("deep/er/b.rs", "b")];
        assert_eq!(
            emit(&files, dir.path()).expect("third"),
            [dir.path().join("a.rs")]
        );
    }

    #[test]
    fn finds_what_is_missing_or_out_of_date() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        emit(&[file("a.rs", "old")], dir.path()).expect("written");
        let files = [file("a.rs", "new"), file("b.rs", "b")];
        let found: Vec<Option<String>> = check(&files, dir.path())
            .expect("readable")
            .into_iter()
            .map(|difference| difference.found)
            .collect();
        assert_eq!(found, [Some("old".to_owned()), None]);
        emit(&files, dir.path()).expect("written");
        assert_eq!(check(&files, dir.path()).expect("readable"), []);
    }

    #[test]
    fn refuses_paths_that_lead_out() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        for path in ["../a.rs", "/tmp/a.rs", "", "a/../../b.rs"] {
            let error = emit(&[file(path, "")], dir.path()).expect_err(path);
            assert!(error.to_string().contains("stay inside"), "{error}");
        }
    }
}
