//! `packetc generate`

use super::{Error, Outcome, schema, terminal};
use clap::{Args, ValueEnum};
use packet_schema::layout::Layout;
use packetc::backend::{OutputFile, Rename, rust};
use packetc::emit::{self, Difference};
use similar::{ChangeTag, TextDiff};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Generate codecs from schemas
///
/// Files that already have the right contents are not touched. With --check nothing is written: it is
/// an error if a file is missing or differs from what would be generated.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  packetc generate schemas/game.yaml --lang rust --out src/wire
  packetc generate schemas/game.yaml --lang rust --out src/wire --check")]
#[allow(clippy::struct_excessive_bools)] // each is a flag of the command line
pub(super) struct Arguments {
    /// Schemas to compile
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    #[command(flatten)]
    root: schema::Root,
    /// Language of the generated code
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
    /// Folder to write to
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    attributes: GivenAttributes,
    /// Leave out what needs an allocator: packets are written from borrowed forms
    #[arg(long)]
    no_alloc: bool,
    /// Write nothing, but fail if the files are not up to date
    #[arg(long)]
    check: bool,
    /// Rust: implement `Serialize` and `Deserialize` as `decode` and `encode` show values
    #[arg(long)]
    serde: bool,
    /// Rust: implement `Arbitrary` of proptest with packets that can be encoded
    #[arg(long)]
    proptest: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Language {
    #[default]
    Rust,
}

/// Attributes on generated types.
#[derive(Args, Debug)]
struct GivenAttributes {
    /// Traits that all types derive which own their data, such as `Hash,Ord`
    #[arg(long, value_name = "TRAITS")]
    derive: Vec<String>,
    /// Attributes of a type, such as `Chat=#[derive(Hash)]`; `.` is every type
    #[arg(long, value_name = "PATH=ATTRIBUTES")]
    type_attribute: Vec<String>,
    /// Attributes of a field, value, flag or case, such as `Chat.text=#[serde(default)]`
    #[arg(long, value_name = "PATH=ATTRIBUTES")]
    field_attribute: Vec<String>,
}

impl GivenAttributes {
    fn read(&self) -> Result<rust::Attributes, Error> {
        let mut attributes = rust::Attributes::default();
        let usage = |problem: rust::AttributeError| Error::Usage(problem.to_string());
        for traits in &self.derive {
            attributes.derive(traits).map_err(usage)?;
        }
        for given in &self.type_attribute {
            let (path, text) = path_and_text(given)?;
            attributes.on_type(path, text).map_err(usage)?;
        }
        for given in &self.field_attribute {
            let (path, text) = path_and_text(given)?;
            attributes.on_member(path, text).map_err(usage)?;
        }
        Ok(attributes)
    }
}

fn path_and_text(given: &str) -> Result<(&str, &str), Error> {
    let problem = || Error::Usage(format!("`{given}` is not PATH=ATTRIBUTES"));
    given.split_once('=').ok_or_else(problem)
}

impl Language {
    fn name(self) -> &'static str {
        match self {
            Self::Rust => "Rust",
        }
    }

    fn generate(self, layout: &Layout, options: &rust::Options) -> Vec<OutputFile> {
        match self {
            Self::Rust => rust::generate(layout, options),
        }
    }

    /// The names that the schema has and the code has not.
    fn renames(self, layout: &Layout) -> Vec<Rename> {
        match self {
            Self::Rust => rust::renames(layout),
        }
    }
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> Result<Outcome, Error> {
    let options = rust::Options {
        alloc: !arguments.no_alloc,
        attributes: arguments.attributes.read()?,
        serde: arguments.serde,
        proptest: arguments.proptest,
        ..rust::Options::default()
    };
    let mut files: Vec<OutputFile> = Vec::new();
    let mut layouts = Vec::new();
    let mut outcome = Outcome::Clean;
    for path in &arguments.schemas {
        match schema::load(path, &arguments.root)? {
            Some(layout) => {
                for rename in arguments.lang.renames(&layout) {
                    let name = arguments.lang.name();
                    let path = path.display();
                    terminal::say(&format!("note: {path}: in {name}, {rename}\n"));
                }
                add(&mut files, arguments.lang.generate(&layout, &options), path)?;
                layouts.push(layout);
            }
            None => outcome = Outcome::Problems,
        }
    }
    // Files of some schemas without those of others would be a state that nobody asked for.
    if outcome == Outcome::Problems {
        return Ok(outcome);
    }
    let unmatched = options
        .attributes
        .unmatched(&layouts.iter().collect::<Vec<_>>());
    if !unmatched.is_empty() {
        return Err(Error::Usage(unmatched.join("\n")));
    }
    if arguments.check {
        let differences = emit::check(&files, &arguments.out)?;
        for difference in &differences {
            write!(out, "{}", summary(difference)).map_err(Error::Output)?;
        }
        if !differences.is_empty() {
            terminal::complain_about(&format!(
                "{} of {} files in {} are out of date; run the same command without --check",
                differences.len(),
                files.len(),
                arguments.out.display()
            ));
        }
        Ok(Outcome::problems_if(!differences.is_empty()))
    } else {
        let changed = emit::emit(&files, &arguments.out)?;
        for path in &changed {
            writeln!(out, "{}", path.display()).map_err(Error::Output)?;
        }
        terminal::say(&format!(
            "{} of {} files changed\n",
            changed.len(),
            files.len()
        ));
        Ok(Outcome::Clean)
    }
}

/// Adds a schema's files; two schemas must not write the same one.
fn add(files: &mut Vec<OutputFile>, more: Vec<OutputFile>, schema: &Path) -> Result<(), Error> {
    for file in more {
        if files.iter().any(|other| other.path == file.path) {
            return Err(Error::Usage(format!(
                "{} would overwrite {} of another schema; give the protocols different names or \
                 write them to different folders",
                schema.display(),
                file.path
            )));
        }
        files.push(file);
    }
    Ok(())
}

/// Lines of a difference that are shown.
const SHOWN: usize = 20;

/// A file's path, how much of it differs, and the first lines that do.
fn summary(difference: &Difference<'_>) -> String {
    let path = difference.path.display();
    let Some(found) = &difference.found else {
        return format!("{path}: missing\n");
    };
    let diff = TextDiff::from_lines(found.as_str(), difference.expected);
    let count = |tag| {
        diff.iter_all_changes()
            .filter(|change| change.tag() == tag)
            .count()
    };
    let (removed, added) = (count(ChangeTag::Delete), count(ChangeTag::Insert));
    let lines: Vec<String> = diff
        .unified_diff()
        .context_radius(1)
        .to_string()
        .lines()
        .map(|line| format!("  {line}\n"))
        .collect();
    let more = match lines.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!("  ... {more} more lines\n"),
    };
    let shown = lines[..lines.len().min(SHOWN)].concat();
    format!("{path}: differs, -{removed} +{added} lines\n{shown}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_shows_its_size_and_its_first_lines() {
        let difference = Difference {
            path: PathBuf::from("game.rs"),
            found: Some("a\nb\nc\n".to_owned()),
            expected: "a\nB\nc\nd\n",
        };
        assert_eq!(
            summary(&difference),
            "game.rs: differs, -1 +2 lines\n  @@ -1,3 +1,4 @@\n   a\n  -b\n  +B\n   c\n  +d\n"
        );
    }

    #[test]
    fn a_long_difference_is_cut() {
        let expected = "line\n".repeat(100);
        let difference = Difference {
            path: PathBuf::from("game.rs"),
            found: Some(String::new()),
            expected: &expected,
        };
        assert!(summary(&difference).ends_with("  ... 81 more lines\n"));
    }
}
