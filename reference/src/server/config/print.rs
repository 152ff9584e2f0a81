//! Settings as a file that can be read again.

use super::keys::KEYS;
use super::layers::{Effective, at};
use std::fmt::Write as _;
use toml::Table;

impl Effective {
    /// All settings in TOML, each below what it means and where it came from.
    ///
    /// ```
    /// use reference::server::config::{Sources, load};
    ///
    /// let effective = load(&Sources::default())?;
    /// assert!(effective.to_toml().starts_with("[listen]\n# Address and port"));
    /// # Ok::<(), reference::server::config::ConfigError>(())
    /// ```
    pub fn to_toml(&self) -> String {
        let values = Table::try_from(&self.settings).unwrap_or_default();
        let mut text = String::new();
        let mut open = "";
        for key in KEYS {
            let Some(value) = at(&values, key.path) else {
                continue;
            };
            let (table, name) = key.path.rsplit_once('.').unwrap_or(("", key.path));
            if table != open {
                let blank = if open.is_empty() { "" } else { "\n" };
                let _ = writeln!(text, "{blank}[{table}]");
                open = table;
            }
            let origin = self.origin(key.path);
            // Writing to a string does not fail.
            let _ = writeln!(text, "# {} ({origin})\n{name} = {value}", key.doc);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, Sources, load};
    use super::*;
    use toml::Value;

    #[test]
    fn what_is_printed_can_be_read_again() {
        let flags = vec![
            ("timeouts.idle", "1m 30s".to_owned()),
            ("store.data", "a \"folder\"".to_owned()),
            ("rates.chat.per_second", "0.5".to_owned()),
        ];
        let effective = load(&Sources {
            flags,
            ..Sources::default()
        });
        let effective = effective.unwrap();
        let text = effective.to_toml();
        assert!(text.contains("(flag --store-data)"), "{text}");
        let again: Settings = toml::from_str(&text).unwrap();
        assert_eq!(again, effective.settings);
    }

    fn paths(table: &Table, before: &str, paths: &mut Vec<String>) {
        for (name, value) in table {
            match value {
                Value::Table(inner) => paths_below(inner, &format!("{before}{name}."), paths),
                _ => paths.push(format!("{before}{name}")),
            }
        }
    }

    fn paths_below(table: &Table, before: &str, found: &mut Vec<String>) {
        paths(table, before, found);
    }

    #[test]
    fn every_setting_is_described_and_every_description_is_one_of_a_setting() {
        let mut found = Vec::new();
        let table = Table::try_from(Settings::default()).unwrap();
        paths(&table, "", &mut found);
        let mut described: Vec<_> = KEYS.iter().map(|key| key.path.to_owned()).collect();
        found.sort();
        described.sort();
        assert_eq!(found, described);
    }
}
