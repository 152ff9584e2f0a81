//! Scripts: steps in a file, with expectations.
//!
//! | Module | Purpose |
//! |---|---|
//! | `parse` | text into steps, with their lines |
//! | `pattern` | whether a packet is what is expected, and what its variables are |

mod parse;
mod pattern;

use crate::terminal::visible;
use crate::{Failure, connect, json};
use parse::{Action, Step};
use pattern::Variables;
use reference::client::{Client, Event};
use reference::game::Packet;
use serde_json::Value;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// How scripts are written, for the help of the program.
pub(crate) const HELP: &str = r#"Run the steps in a file instead of being interactive: log in, then a step for each line. `#` begins a comment, a line that begins
with white space continues the one before.

  send RoomCreate {"name": "plaza"}
  expect RoomResult {"room": "$room"} within 2s
  send RoomMessage {"room": "$room", "text": "hello"}
  expect ChatMessage {"scope": {"room": "$room"}, "text": "hello"}
  wait 500ms

`send` sends a packet; a request gets its number by itself. `expect` waits for a packet with these fields, whatever its others are,
for 5s if it does not say how long; of a list the elements have to be there in this order, among others. Packets that are not
expected yet are kept for later steps, and each is used once. A text "$name" is a variable: the first expectation takes the value,
later steps have it. Exit code 1 says that an expectation was not met, or that the server answered with an Error
that no step expected, as far as it came before the last step ended."#;

/// How long a packet is waited for unless the step says so.
const PATIENCE: Duration = Duration::from_secs(5);

/// Packets that are kept for later steps at most; the oldest go first.
const KEPT: usize = 10_000;

/// Packets of a kind that are shown if none is what is expected, the latest ones.
const SHOWN: usize = 5;

pub(crate) async fn run(connection: &connect::Arguments, path: &Path) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let text = fs::read_to_string(path)
        .map_err(|error| Failure::Problem(format!("cannot read the script {shown}: {error}")))?;
    let steps = parse::steps(&text)
        .map_err(|(line, problem)| Failure::Problem(format!("{shown}:{line}: {problem}")))?;
    let client = connection.log_in().await?;
    let mut run = Run {
        client: &client,
        came: Vec::new(),
        variables: Variables::new(),
    };
    for (index, step) in steps.iter().enumerate() {
        run.step(step).await.map_err(|failure| {
            let place = |problem| format!("{shown}:{}: step {}, {problem}", step.line, index + 1);
            match failure {
                Failure::Refused(problem) => Failure::Refused(problem.map(place)),
                Failure::Problem(problem) => Failure::Problem(place(problem)),
                output @ Failure::Output(_) => output,
            }
        })?;
    }
    let errors = run
        .came
        .iter()
        .filter(|packet| matches!(packet, Packet::Error(_)));
    let errors: Vec<String> = errors
        .map(|error| format!("\n  {}", json::line(error)))
        .collect();
    client.close().await.map_err(Failure::problem)?;
    if !errors.is_empty() {
        return Err(Failure::Refused(Some(format!(
            "{shown}: the server refused what was sent, and no step expects that:{}",
            errors.concat()
        ))));
    }
    Ok(writeln!(
        io::stdout(),
        "{shown}: {} steps passed",
        steps.len()
    )?)
}

/// A script on its way.
struct Run<'a> {
    client: &'a Client,
    /// Packets that no step has used.
    came: Vec<Packet>,
    variables: Variables,
}

impl Run<'_> {
    async fn step(&mut self, step: &Step) -> Result<(), Failure> {
        match &step.action {
            Action::Send { name, fields } => self.send(name, fields),
            Action::Expect {
                name,
                fields,
                within,
            } => self.expect(name, fields, within.unwrap_or(PATIENCE)).await,
            Action::Wait(pause) => self.wait(*pause).await,
        }
    }

    fn send(&self, name: &str, fields: &Value) -> Result<(), Failure> {
        let problem = |problem: String| Failure::Problem(format!("send {name}: {problem}"));
        let fields = pattern::fill(fields, &self.variables).map_err(problem)?;
        let packet = json::packet(name, fields).map_err(problem)?;
        self.client
            .send(packet)
            .map_err(|error| problem(error.to_string()))
    }

    async fn expect(
        &mut self,
        name: &'static str,
        fields: &Value,
        patience: Duration,
    ) -> Result<(), Failure> {
        let deadline = Instant::now() + patience;
        // What did not match stays as it is, so each packet is compared once.
        let mut compared = 0;
        loop {
            while let Some(packet) = self.came.get(compared) {
                if takes(name, fields, packet, &mut self.variables) {
                    self.came.remove(compared);
                    return Ok(());
                }
                compared += 1;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            match timeout(left, self.client.receive()).await {
                Ok(Ok(event)) => compared = compared.saturating_sub(self.keep(event)),
                Ok(Err(error)) => {
                    let why = format!("the session has ended: {error}");
                    return Err(self.unmet(name, fields, &why));
                }
                Err(_) => {
                    let why = format!("none came within {patience:?}");
                    return Err(self.unmet(name, fields, &why));
                }
            }
        }
    }

    /// Keeps packets while time passes.
    async fn wait(&mut self, pause: Duration) -> Result<(), Failure> {
        let deadline = Instant::now() + pause;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match timeout(left, self.client.receive()).await {
                Ok(Ok(event)) => {
                    self.keep(event);
                }
                Ok(Err(error)) => {
                    return Err(Failure::Refused(Some(format!(
                        "wait: the session has ended: {error}"
                    ))));
                }
                Err(_) => return Ok(()),
            }
        }
    }

    /// Keeps what came, and returns how many of the oldest packets went for that.
    fn keep(&mut self, event: Event) -> usize {
        if let Event::Packet(packet) = event {
            self.came.push(packet);
        }
        let over = self.came.len().saturating_sub(KEPT);
        self.came.drain(..over);
        over
    }

    /// What was expected, and what came instead: those of the same name with what is wrong with them, and the names of others.
    fn unmet(&self, name: &str, fields: &Value, why: &str) -> Failure {
        let known = pattern::known(fields, &self.variables);
        let mut lines = vec![format!("expect {name} {known}: {why}")];
        let (like, others): (Vec<_>, Vec<_>) =
            self.came.iter().partition(|packet| packet.name() == name);
        for packet in like.iter().rev().take(SHOWN) {
            let (_, found) = json::split(packet);
            let mismatch = pattern::mismatch(fields, &found, &mut self.variables.clone());
            lines.push(format!("  found {}", json::line(packet)));
            lines.extend(mismatch.map(|mismatch| format!("    {}", visible(&mismatch))));
        }
        let others = others.iter().rev().take(SHOWN);
        lines.extend(others.map(|packet| format!("  found {}", json::line(packet))));
        if self.came.is_empty() {
            lines.push("  found no packet that was not used before".to_owned());
        }
        let text = lines.join("\n");
        Failure::Refused(Some(text))
    }
}

/// Whether a packet is what is expected; then its variables are known from here on.
fn takes(name: &str, fields: &Value, packet: &Packet, variables: &mut Variables) -> bool {
    if packet.name() != name {
        return false;
    }
    let (_, found) = json::split(packet);
    let mut taken = variables.clone();
    let matches = pattern::mismatch(fields, &found, &mut taken).is_none();
    if matches {
        *variables = taken;
    }
    matches
}
