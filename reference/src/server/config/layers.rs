//! Puts settings together: flags over environment over file over defaults.
//!
//! In: texts, and a file's text with its name. Out: settings that were checked and where each came from, or all that is
//! wrong. This reads neither files nor the environment itself.

use super::Settings;
use super::keys::{KEYS, Key, VARIABLES};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use toml::de::{DeTable, DeValue, ValueDeserializer};
use toml::{Table, Value};

/// What settings are put together from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Name and text of the configuration file.
    pub file: Option<(String, String)>,
    /// Variables of the environment; those that do not begin with [`VARIABLES`] are not looked at.
    pub variables: Vec<(String, String)>,
    /// Flags: path of the setting and value.
    pub flags: Vec<(&'static str, String)>,
}

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// The configuration file of this name, at this line.
    File(String, usize),
    /// This variable of the environment.
    Variable(String),
    /// This flag.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(name, line) => write!(f, "file {name:?}, line {line}"),
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::Flag(name) => write!(f, "flag --{name}"),
        }
    }
}

/// Settings, and where they came from.
#[derive(Clone, Debug)]
pub struct Effective {
    /// The settings.
    pub settings: Settings,
    pub(super) origins: BTreeMap<&'static str, Origin>,
}

impl Effective {
    /// Where a setting came from.
    pub fn origin(&self, path: &str) -> &Origin {
        self.origins.get(path).unwrap_or(&Origin::Default)
    }
}

/// Settings that cannot be used: a line for each thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError(Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ConfigError {}

/// Puts settings together and checks them.
///
/// ```
/// use reference::server::config::{Sources, load};
///
/// let sources = Sources {
///     file: Some(("server.toml".to_owned(), "[listen]\nbacklog = 7".to_owned())),
///     variables: vec![("PACKET_SERVER_LISTEN_BACKLOG".to_owned(), "8".to_owned())],
///     flags: vec![("log.level", "debug".to_owned())],
/// };
/// let effective = load(&sources)?;
/// assert_eq!(effective.settings.listen.backlog, 8);
/// assert_eq!(effective.origin("log.level").to_string(), "flag --log-level");
/// # Ok::<(), reference::server::config::ConfigError>(())
/// ```
///
/// # Errors
/// All that is wrong, each with the key and where it was set.
pub fn load(sources: &Sources) -> Result<Effective, ConfigError> {
    let mut layers = Layers::new()?;
    let mut problems = Vec::new();
    if let Some((name, text)) = &sources.file {
        layers.add_file(name, text, &mut problems);
    }
    for (variable, text) in &sources.variables {
        if !variable.starts_with(VARIABLES) {
            continue;
        }
        match KEYS.iter().find(|key| key.variable() == *variable) {
            Some(key) => {
                let origin = Origin::Variable(variable.clone());
                layers.add(key, text, origin, &mut problems);
            }
            None => problems.push(format!("variable {variable}: no setting has this name")),
        }
    }
    for (path, text) in &sources.flags {
        if let Some(key) = KEYS.iter().find(|key| key.path == *path) {
            layers.add(key, text, Origin::Flag(key.flag()), &mut problems);
        }
    }
    let effective = layers.finish(&mut problems);
    match effective {
        Some(effective) if problems.is_empty() => Ok(effective),
        _ => Err(ConfigError(problems)),
    }
}

struct Layers {
    values: Table,
    origins: BTreeMap<&'static str, Origin>,
}

impl Layers {
    fn new() -> Result<Self, ConfigError> {
        let values = Table::try_from(Settings::default())
            .map_err(|error| ConfigError(vec![error.to_string()]))?;
        Ok(Self {
            values,
            origins: BTreeMap::new(),
        })
    }

    /// Lays a file over what there is.
    fn add_file(&mut self, name: &str, text: &str, problems: &mut Vec<String>) {
        let file = match DeTable::parse(text) {
            Ok(file) => file.into_inner(),
            // It shows the line.
            Err(error) => return problems.push(format!("file {name:?}: {error}")),
        };
        let mut found = Vec::new();
        leaves(&file, "", &mut found);
        for (path, place, value) in found {
            let before = text.get(..place).unwrap_or(text);
            let origin = Origin::File(name.to_owned(), 1 + before.matches('\n').count());
            match (KEYS.iter().find(|key| key.path == path), value) {
                (Some(key), Some(value)) => {
                    set(&mut self.values, key.path, value);
                    self.origins.insert(key.path, origin);
                }
                _ => problems.push(format!("{origin}: there is no setting {path}")),
            }
        }
    }

    /// Lays one value over what there is. It is of the kind that the default has.
    fn add(&mut self, key: &Key, text: &str, origin: Origin, problems: &mut Vec<String>) {
        let value = match at(&self.values, key.path) {
            Some(Value::Integer(_)) => text.parse().map(Value::Integer).map_err(|_| "a number"),
            Some(Value::Float(_)) => text.parse().map(Value::Float).map_err(|_| "a number"),
            Some(Value::Boolean(_)) => {
                let value = text.parse().map(Value::Boolean);
                value.map_err(|_| "true or false")
            }
            _ => Ok(Value::String(text.to_owned())),
        };
        match value {
            Ok(value) => {
                set(&mut self.values, key.path, value);
                self.origins.insert(key.path, origin);
            }
            Err(expected) => {
                let path = key.path;
                problems.push(format!("{origin}: {path} must be {expected}, not {text:?}"));
            }
        }
    }

    fn finish(self, problems: &mut Vec<String>) -> Option<Effective> {
        let Self {
            mut values,
            origins,
        } = self;
        let defaults = Table::try_from(Settings::default()).unwrap_or_default();
        let mut unreadable = Vec::new();
        // One value at a time over the defaults, so that an error is that of its setting. The others are still judged.
        for (path, origin) in &origins {
            if let Err(error) = alone(&values, path) {
                problems.push(format!("{origin}: {path}: {}", error.message()));
                unreadable.push(*path);
                if let Some(default) = at(&defaults, path) {
                    set(&mut values, path, default.clone());
                }
            }
        }
        let settings: Settings = Value::Table(values).try_into().ok()?;
        for (path, problem) in settings.problems() {
            if unreadable.contains(&path) {
                continue;
            }
            let whence = blamed(&origins, path);
            problems.push(format!("{whence}: {path} {problem}"));
        }
        Some(Effective { settings, origins })
    }
}

/// Who made a setting what it is: if nobody set it, those who set others of its table, with which it has to fit together.
fn blamed(origins: &BTreeMap<&'static str, Origin>, path: &str) -> String {
    if let Some(origin) = origins.get(path) {
        return origin.to_string();
    }
    let table = |path: &str| path.rsplit_once('.').map(|(table, _)| table.to_owned());
    let beside = origins
        .iter()
        .filter(|(other, _)| table(other) == table(path));
    let beside: Vec<String> = beside.map(|(_, origin)| origin.to_string()).collect();
    if beside.is_empty() {
        Origin::Default.to_string()
    } else {
        beside.join(" or ")
    }
}

/// The settings of a file with where they stand, and tables that have none.
fn leaves(table: &DeTable<'_>, prefix: &str, found: &mut Vec<(String, usize, Option<Value>)>) {
    for (name, value) in table {
        let path = format!("{prefix}{}", name.get_ref());
        let place = name.span().start;
        let inner = format!("{path}.");
        match value.get_ref() {
            DeValue::Table(table) if KEYS.iter().any(|key| key.path.starts_with(&inner)) => {
                leaves(table, &inner, found);
            }
            _ => {
                let value = Value::deserialize(ValueDeserializer::from(value.clone()));
                found.push((path, place, value.ok()));
            }
        }
    }
}

/// Reads settings of which this one is set and the others are defaults.
fn alone(values: &Table, path: &str) -> Result<Settings, toml::de::Error> {
    let mut table = Table::try_from(Settings::default()).unwrap_or_default();
    if let Some(value) = at(values, path) {
        set(&mut table, path, value.clone());
    }
    Value::Table(table).try_into()
}

/// The value at a path.
pub(super) fn at<'a>(table: &'a Table, path: &str) -> Option<&'a Value> {
    match path.split_once('.') {
        None => table.get(path),
        Some((head, rest)) => at(table.get(head)?.as_table()?, rest),
    }
}

fn set(table: &mut Table, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            table.insert(path.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = table
                .entry(head)
                .or_insert_with(|| Value::Table(Table::new()));
            if let Some(inner) = inner.as_table_mut() {
                set(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(file: &str, variables: &[(&str, &str)], flags: &[(&'static str, &str)]) -> Sources {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let flags = flags
            .iter()
            .map(|(path, value)| (*path, (*value).to_owned()));
        Sources {
            file: (!file.is_empty()).then(|| ("server.toml".to_owned(), file.to_owned())),
            variables: variables.iter().map(owned).collect(),
            flags: flags.collect(),
        }
    }

    #[track_caller]
    fn check(sources: &Sources, expected: &[&str]) {
        let error = load(sources).unwrap_err().to_string();
        for part in expected {
            assert!(error.contains(part), "{part} in: {error}");
        }
    }

    #[test]
    fn flags_are_over_variables_over_the_file_over_defaults() {
        let file = "[listen]\nbacklog = 1\nno_delay = false\n[timeouts]\nidle = \"2m\"";
        let variables = [
            ("PACKET_SERVER_LISTEN_BACKLOG", "2"),
            ("PACKET_SERVER_LOG_LEVEL", "warn"),
            ("HOME", "/nowhere"),
        ];
        let flags = [("listen.backlog", "3")];
        let effective = load(&sources(file, &variables, &flags)).unwrap();
        let settings = &effective.settings;
        assert_eq!(settings.listen.backlog, 3);
        assert!(!settings.listen.no_delay);
        assert_eq!(settings.timeouts.idle.as_secs(), 120);
        assert_eq!(settings.log.level, super::super::Level::Warn);
        let origin = |path| effective.origin(path).to_string();
        assert_eq!(origin("listen.backlog"), "flag --listen-backlog");
        assert_eq!(origin("listen.no_delay"), "file \"server.toml\", line 3");
        assert_eq!(origin("log.level"), "variable PACKET_SERVER_LOG_LEVEL");
        assert_eq!(origin("log.format"), "default");
    }

    #[test]
    fn an_unknown_key_shows_its_line() {
        let file = "[listen]\nbacklog = 1\nport = 80";
        check(&sources(file, &[], &[]), &["server.toml", "line 3", "port"]);
        check(&sources("[lisen]", &[], &[]), &["line 1", "lisen"]);
    }

    #[test]
    fn an_unknown_variable_is_named() {
        let variables = [("PACKET_SERVER_PORT", "80")];
        check(&sources("", &variables, &[]), &["PACKET_SERVER_PORT"]);
    }

    #[test]
    fn a_bad_value_is_named_with_its_origin() {
        let variables = [("PACKET_SERVER_LISTEN_BACKLOG", "many")];
        let expected =
            "variable PACKET_SERVER_LISTEN_BACKLOG: listen.backlog must be a number, not \"many\"";
        check(&sources("", &variables, &[]), &[expected]);
        let flags = [("timeouts.idle", "soon")];
        let expected = ["flag --timeouts-idle: timeouts.idle: ", "\"soon\""];
        check(&sources("", &[], &flags), &expected);
        let flags = [("listen.address", "here")];
        check(
            &sources("", &[], &flags),
            &["flag --listen-address: listen.address"],
        );
        let expected = "file \"server.toml\", line 2: limits.connections must be at least 1";
        check(&sources("[limits]\nconnections = 0", &[], &[]), &[expected]);
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let flags = [("limits.connections", "0"), ("limits.handshakes", "0")];
        let expected = ["limits.connections must", "limits.handshakes must"];
        check(&sources("", &[], &flags), &expected);
        let file = "[listen]\nbacklog = \"many\"\nport = 80\n[timeouts]\nidle = 90\n[limits]\nconnections = 0\n[lisen]";
        let expected = [
            "file \"server.toml\", line 2: listen.backlog: invalid type: string \"many\", expected u32",
            "line 3: there is no setting listen.port",
            "line 5: timeouts.idle: invalid type: integer `90`, expected a duration such as \"90s\"",
            "line 7: limits.connections must be at least 1",
            "line 8: there is no setting lisen",
        ];
        check(&sources(file, &[], &[]), &expected);
        // What cannot be read is not judged as well.
        let flags = [("timeouts.idle", "soon"), ("timeouts.heartbeat", "1h")];
        let error = load(&sources("", &[], &flags)).unwrap_err().to_string();
        assert_eq!(error.lines().count(), 1, "{error}");
    }

    #[test]
    fn what_a_file_leaves_out_is_as_it_was() {
        let flags = [("rates.chat.burst", "7")];
        let effective = load(&sources("[rates.chat]\nper_second = 3", &[], &flags)).unwrap();
        let chat = effective.settings.rates.chat;
        assert_eq!((chat.per_second, chat.burst), (3.0, 7));
    }

    #[test]
    fn a_default_that_does_not_fit_any_more_blames_what_was_set() {
        let flags = [("world.view_distance", "200")];
        let expected = "flag --world-view-distance: world.cell_size is 72, but";
        check(&sources("", &[], &flags), &[expected]);
    }
}
