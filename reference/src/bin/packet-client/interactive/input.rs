//! Lines that are typed, and lines that are shown between them.
//!
//! On a terminal there is a prompt with history and completion, and what is shown does not destroy what is being typed. Otherwise
//! lines are read as they come. Reading cannot be cancelled, so it has a thread of its own.

use super::command::WORDS;
use crate::{installation, packets};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{Context, Editor, ExternalPrinter, Helper};
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::mpsc as prompts;
use std::thread;
use tokio::sync::mpsc;

/// Lines as they are typed.
pub(super) struct Lines {
    typed: mpsc::Receiver<String>,
    /// Where a prompt is asked for, once for each line; nowhere if there is no terminal.
    prompts: Option<prompts::Sender<String>>,
    is_prompting: bool,
}

/// Where lines are shown.
pub(super) enum Printer {
    Terminal(Box<dyn ExternalPrinter + Send>),
    Plain,
}

/// Standard input and output.
pub(super) fn open() -> Result<(Lines, Printer), ReadlineError> {
    let (sender, typed) = mpsc::channel(16);
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        thread::spawn(move || {
            for line in io::stdin().lock().lines().map_while(Result::ok) {
                if sender.blocking_send(line).is_err() {
                    break;
                }
            }
        });
        let lines = Lines {
            typed,
            prompts: None,
            is_prompting: false,
        };
        return Ok((lines, Printer::Plain));
    }
    let mut editor: Editor<Names, FileHistory> = Editor::new()?;
    editor.set_helper(Some(Names));
    let history = installation::history();
    if let Some(path) = &history {
        // There is none at first.
        let _ = editor.load_history(path);
    }
    let printer = editor.create_external_printer()?;
    let (asked, prompts) = prompts::channel::<String>();
    thread::spawn(move || {
        while let Ok(prompt) = prompts.recv() {
            // Control-C, control-D, or a terminal that is gone.
            let Ok(line) = editor.readline(&prompt) else {
                break;
            };
            // A line that is not remembered can be typed again.
            let _ = editor.add_history_entry(&line);
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
        if let Some(path) = history {
            // Without a history the next run works as well.
            let _ = editor.save_history(&path);
        }
    });
    let lines = Lines {
        typed,
        prompts: Some(asked),
        is_prompting: false,
    };
    Ok((lines, Printer::Terminal(Box::new(printer))))
}

impl Lines {
    /// Shows a prompt, unless one is there already.
    pub(super) fn prompt(&mut self, prompt: &str) {
        if let Some(prompts) = &self.prompts
            && !self.is_prompting
        {
            // If nobody reads lines any more, the next one is the end.
            let _ = prompts.send(prompt.to_owned());
            self.is_prompting = true;
        }
    }

    /// The next line; `None` at the end. No line is lost if the future is dropped.
    pub(super) async fn next(&mut self) -> Option<String> {
        let line = self.typed.recv().await;
        self.is_prompting = false;
        line
    }

    /// Waits until the terminal is as it was before the prompt, which only who types can bring about.
    pub(super) async fn leave(&mut self, printer: &mut Printer) -> io::Result<()> {
        if self.prompts.is_some() && self.is_prompting {
            printer.print("* the session has ended; press Enter")?;
            self.next().await;
        }
        Ok(())
    }
}

impl Printer {
    /// Shows a line, above the one that is being typed.
    pub(super) fn print(&mut self, line: &str) -> io::Result<()> {
        match self {
            Self::Terminal(printer) => printer.print(format!("{line}\n")).map_err(io::Error::other),
            Self::Plain => {
                let mut out = io::stdout().lock();
                writeln!(out, "{line}")?;
                out.flush()
            }
        }
    }
}

/// Completes names: of commands and packets at the start of a line, of fields inside of a packet.
struct Names;

impl Completer for Names {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        cursor: usize,
        _context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        Ok(complete(line.get(..cursor).unwrap_or_default()))
    }
}

impl Hinter for Names {
    type Hint = String;
}

impl Highlighter for Names {}
impl Validator for Names {}
impl Helper for Names {}

/// Where the word at the end of the text begins, and what it can become.
fn complete(text: &str) -> (usize, Vec<String>) {
    let start = text
        .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '/')))
        .map_or(0, |at| {
            at + text
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8)
        });
    let (before, word) = text.split_at(start);
    let first = before.split([' ', '{']).next().unwrap_or_default();
    let names: Vec<&str> = match first {
        "" if before.is_empty() => WORDS.iter().copied().chain(packets::sendable()).collect(),
        "template" => packets::sendable().collect(),
        name if before.ends_with('"') => packets::field_names(name).into_iter().collect(),
        _ => Vec::new(),
    };
    let fitting = names.into_iter().filter(|name| name.starts_with(word));
    (start, fitting.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, start: usize, expected: &[&str]) {
        let (found, names) = complete(text);
        let names: Vec<_> = names.iter().map(String::as_str).collect();
        assert_eq!((found, names.as_slice()), (start, expected));
    }

    #[test]
    fn names_are_completed_where_they_can_stand() {
        check("RoomC", 0, &["RoomCreate"]);
        check("/wh", 0, &["/whisper"]);
        check("template Enter", 9, &["EnterWorld"]);
        check(r#"Move {"seq"#, 7, &["sequence"]);
        check(r#"Move{"position": {"x": 1, "y"#, 27, &["y"]);
        check("say Roo", 4, &[]);
        check("Nonsense {\"", 11, &[]);
        check("say 안", 7, &[]);
    }
}
