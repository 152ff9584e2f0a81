//! Short names for cells that are too small for the long ones.

/// Names that were shortened, and what they stand for.
#[derive(Default)]
pub(super) struct Legend {
    entries: Vec<(String, String)>,
}

impl Legend {
    /// A name for `name` of at most `width` characters, the same whenever the same name is asked for,
    /// and none that stands for another name or is one of `taken`.
    pub(super) fn shorten(&mut self, name: &str, width: usize, taken: &[&str]) -> String {
        if let Some((short, _)) = self.entries.iter().find(|(_, long)| long == name) {
            return short.clone();
        }
        let is_free = |short: &String| {
            let length = short.chars().count();
            (1..=width).contains(&length)
                && !taken.contains(&short.as_str())
                && !self.entries.iter().any(|(used, _)| used == short)
        };
        let Some(short) = candidates(name, width).find(is_free) else {
            // More names than letters and digits: the table below the drawing still tells them apart.
            return "?".to_owned();
        };
        self.entries.push((short.clone(), name.to_owned()));
        short
    }

    /// Short and long names in the order in which they were shortened.
    pub(super) fn entries(&self) -> &[(String, String)] {
        &self.entries
    }
}

/// Short names for `name`, the telling ones first.
fn candidates(name: &str, width: usize) -> impl Iterator<Item = String> {
    let last = name.rsplit('.').next().unwrap_or(name).to_owned();
    let initials: String = last
        .split('_')
        .filter_map(|word| word.chars().next())
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    let start: String = last.chars().take(width).collect();
    let upper = last.to_ascii_uppercase();
    let letters = upper.clone() + &last;
    let is_telling = initials.len() > 1;
    std::iter::once(last)
        .chain(is_telling.then_some(initials))
        .chain([start.clone(), start.to_ascii_uppercase()])
        .chain(letters.chars().map(String::from).collect::<Vec<_>>())
        .chain(
            ('A'..='Z')
                .chain('a'..='z')
                .chain('0'..='9')
                .map(String::from),
        )
        .filter(|short| short.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_first_and_nothing_is_used_twice() {
        let mut legend = Legend::default();
        assert_eq!(legend.shorten("fragment_offset", 3, &[]), "FO");
        assert_eq!(legend.shorten("final_offset", 3, &[]), "fin");
        assert_eq!(legend.shorten("df", 1, &[]), "d");
        assert_eq!(legend.shorten("dg", 1, &[]), "D");
        assert_eq!(legend.shorten("df", 1, &[]), "d");
        assert_eq!(legend.shorten("position.x", 5, &[]), "x");
        assert_eq!(legend.entries().len(), 5);
    }

    #[test]
    fn a_name_in_use_is_not_taken() {
        assert_eq!(Legend::default().shorten("a.x", 1, &["x"]), "X");
    }
}
