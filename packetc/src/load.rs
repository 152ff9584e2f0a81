//! Reads schemas from disk, with what they import.
//!
//! In: the path of a schema, and a root folder. Out: what [`packet_schema::compile_files`] makes of it, and
//! the paths of all files that it depends on. An import never leads out of the root folder, also not through
//! a symbolic link, and is a regular file, so that no schema can make its reader wait for a pipe.

use packet_schema::Compiled;
use packet_schema::diagnostic::Diagnostic;
use packet_schema::source::{File, Loader, MAX_SOURCE, SourceMap};
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A schema that was read from disk.
#[derive(Debug)]
pub struct Loaded {
    /// The texts in which the places of problems lie.
    pub sources: SourceMap,
    /// The schema, or what is wrong with it.
    pub compiled: Result<Compiled, Vec<Diagnostic>>,
    /// Everything that was read, and what was to be read but could not be: a change of any of these can
    /// change the rest. The schema itself comes first.
    pub files: Vec<PathBuf>,
}

/// Reads and compiles the schema at `path`. Its imports start at the folder `root`, or else at its own.
///
/// # Errors
/// When the schema itself cannot be read. What is wrong with its imports is a problem of the schema.
pub fn compile(path: &Path, root: Option<&Path>) -> io::Result<Loaded> {
    compile_in(Path::new(""), path, root)
}

/// As [`compile`], with paths that start at the folder `start` and are shown without it.
///
/// # Errors
/// As [`compile`].
pub fn compile_in(start: &Path, path: &Path, root: Option<&Path>) -> io::Result<Loaded> {
    let file = start.join(path);
    let main = File {
        id: id(&fs::canonicalize(&file).unwrap_or_else(|_| file.clone())),
        name: path.display().to_string(),
        bytes: read(fs::File::open(file)?)?,
    };
    let mut folder = Folder {
        start,
        root: root.or(path.parent()).unwrap_or(Path::new("")),
        files: vec![path.to_owned()],
    };
    let (sources, compiled) = packet_schema::compile_files(main, &mut folder);
    Ok(Loaded {
        sources,
        compiled,
        files: folder.files,
    })
}

/// The folder in which imports lie.
struct Folder<'a> {
    start: &'a Path,
    root: &'a Path,
    files: Vec<PathBuf>,
}

impl Loader for Folder<'_> {
    fn load(&mut self, path: &str) -> Result<File, String> {
        let found = self.root.join(path);
        let name = found.display().to_string();
        let reason = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => format!("there is no file {name}"),
            _ => error.to_string(),
        };
        let file = self.start.join(&found);
        self.files.push(found);
        // An empty path is no folder to the system.
        let root = Path::new(".").join(self.start).join(self.root);
        let root = fs::canonicalize(root).map_err(|error| {
            let root = self.root.display();
            format!("the root folder {root} cannot be used: {error}")
        })?;
        let real = fs::canonicalize(file).map_err(reason)?;
        if !real.starts_with(&root) {
            return Err("a symbolic link leads out of the root folder".to_owned());
        }
        // Opening a pipe waits for whoever writes to it.
        if !fs::metadata(&real).map_err(reason)?.is_file() {
            return Err(format!("{name} is no regular file"));
        }
        let bytes = fs::File::open(&real).and_then(read).map_err(reason)?;
        Ok(File {
            id: id(&real),
            name,
            bytes,
        })
    }
}

/// A path as text that no other path has; a name that is not Unicode has its bytes escaped.
#[expect(
    clippy::unnecessary_debug_formatting,
    reason = "shown otherwise, two names that are not Unicode can be the same"
)]
fn id(path: &Path) -> String {
    format!("{path:?}")
}

/// All bytes, or one more than a schema may have.
fn read(file: fs::File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(MAX_SOURCE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A folder with some files; a text that begins with `->` is a symbolic link.
    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
            match text.strip_prefix("->") {
                #[cfg(unix)]
                Some(target) => std::os::unix::fs::symlink(target, path).expect("a link"),
                _ => fs::write(path, text).expect("a file"),
            }
        }
        folder
    }

    /// The problems of `schemas/main.yaml`.
    fn problems(folder: &Path, root: Option<&str>) -> Vec<String> {
        let root = root.map(|root| folder.join(root));
        let loaded =
            compile(&folder.join("schemas/main.yaml"), root.as_deref()).expect("it is there");
        let shown = |problem: &Diagnostic| {
            let text = format!("{} {}", problem.code, problem.message);
            text.replace(&folder.display().to_string(), "")
        };
        match loaded.compiled {
            Ok(compiled) => compiled.warnings.iter().map(shown).collect(),
            Err(problems) => problems.iter().map(shown).collect(),
        }
    }

    const ID: &str = "protocol: id\ntypes: { Id: u32 }\n";

    fn main(path: &str) -> String {
        format!(
            "protocol: main\nimports: {{ id: {path} }}\npackets: {{ P: {{ fields: [id: id.Id] }} }}\n"
        )
    }

    #[test]
    fn imports_start_at_the_schemas_folder_or_at_the_root() {
        let here = main("types/id.yaml");
        let found = folder(&[("schemas/main.yaml", &here), ("schemas/types/id.yaml", ID)]);
        assert_eq!(problems(found.path(), None), [""; 0]);
        assert_eq!(
            problems(found.path(), Some("")),
            ["P0121 cannot import `types/id.yaml`: there is no file /types/id.yaml"]
        );
        let above = main("common/id.yaml");
        let found = folder(&[("schemas/main.yaml", &above), ("common/id.yaml", ID)]);
        assert_eq!(problems(found.path(), Some("")), [""; 0]);
        assert_eq!(
            problems(found.path(), Some("none")),
            [
                "P0121 cannot import `common/id.yaml`: the root folder /none cannot be used: No such file or directory (os error 2)"
            ]
        );
    }

    #[test]
    fn all_files_are_told_also_what_is_not_there() {
        let two = "protocol: main\nimports: { id: id.yaml, none: none.yaml, out: ../out.yaml }\n";
        let found = folder(&[("schemas/main.yaml", two), ("schemas/id.yaml", ID)]);
        let schemas = found.path().join("schemas");
        let loaded = compile(&schemas.join("main.yaml"), None).expect("it is there");
        let names = ["main.yaml", "id.yaml", "none.yaml"];
        assert_eq!(loaded.files, names.map(|name| schemas.join(name)));
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_inside() {
        let text = main("link.yaml");
        for (target, problem) in [
            ("->id.yaml", None),
            ("->../schemas/id.yaml", None),
            (
                "->../other/id.yaml",
                Some("a symbolic link leads out of the root folder"),
            ),
            (
                "->../schemas-other/id.yaml",
                Some("a symbolic link leads out of the root folder"),
            ),
            (
                "->/etc/passwd",
                Some("a symbolic link leads out of the root folder"),
            ),
            ("->none.yaml", Some("there is no file /schemas/link.yaml")),
            (
                "->/dev/zero",
                Some("a symbolic link leads out of the root folder"),
            ),
            ("->.", Some("/schemas/link.yaml is no regular file")),
        ] {
            let found = folder(&[
                ("schemas/main.yaml", &text),
                ("schemas/id.yaml", ID),
                ("other/id.yaml", ID),
                ("schemas-other/id.yaml", ID),
                ("schemas/link.yaml", target),
            ]);
            let expected =
                problem.map(|problem| format!("P0121 cannot import `link.yaml`: {problem}"));
            assert_eq!(
                problems(found.path(), None),
                Vec::from_iter(expected),
                "{target}"
            );
        }
        let found = folder(&[
            ("schemas/main.yaml", &text),
            ("schemas/link.yaml", "->loop.yaml"),
            ("schemas/loop.yaml", "->link.yaml"),
        ]);
        let problems = problems(found.path(), None);
        assert!(
            problems[0].starts_with("P0121 cannot import `link.yaml`: "),
            "{problems:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_the_file_that_it_leads_to() {
        let text =
            "protocol: main\nimports: { a: a.yaml, b: b.yaml }\ntypes: { A: a.Id, B: b.Id }\n";
        let found = folder(&[
            ("schemas/main.yaml", text),
            ("schemas/a.yaml", ID),
            ("schemas/b.yaml", "->a.yaml"),
        ]);
        assert_eq!(
            problems(found.path(), None),
            ["P0124 `b.yaml` is imported already"]
        );
        let found = folder(&[
            ("schemas/main.yaml", &main("me.yaml")),
            ("schemas/me.yaml", "->main.yaml"),
        ]);
        assert!(problems(found.path(), None)[0].starts_with("P0122 "));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let found = folder(&[("schemas/main.yaml", &main("pipe.yaml"))]);
        let made = std::process::Command::new("mkfifo")
            .arg(found.path().join("schemas/pipe.yaml"))
            .status();
        assert!(made.expect("mkfifo runs").success());
        assert_eq!(
            problems(found.path(), None),
            ["P0121 cannot import `pipe.yaml`: /schemas/pipe.yaml is no regular file"]
        );
    }

    #[test]
    fn folders_and_bytes_that_are_no_text_are_refused() {
        let found = folder(&[
            ("schemas/main.yaml", &main("types")),
            ("schemas/types/id.yaml", ID),
        ]);
        assert_eq!(
            problems(found.path(), None),
            ["P0121 cannot import `types`: /schemas/types is no regular file"]
        );
        let found = folder(&[("schemas/main.yaml", &main("id.yaml"))]);
        fs::write(found.path().join("schemas/id.yaml"), b"protocol: \xff").expect("a file");
        assert_eq!(
            problems(found.path(), None),
            ["P0123 the file is not UTF-8 text"]
        );
    }
}
