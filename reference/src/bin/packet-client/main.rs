//! The reference client as a program. A file for each subcommand; this one knows only which there are.
#![forbid(unsafe_code)]

mod conform;
mod connect;
mod installation;
mod interactive;
mod json;
mod load;
mod packets;
mod script;
mod send;
mod template;
mod terminal;

use clap::{Parser, Subcommand};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// A client for the game protocol
///
/// Without a subcommand it is interactive: type `help` there. Without a name it registers a guest: a name and a password that are
/// drawn and used once, so that it works against a server that nobody has configured.
///
/// Exit code 0 says that all went well, 1 that the server refused what a subcommand or a script sent or did not do what a script
/// expects, 2 that the client could not do its work. What is refused in an interactive session is shown, and the exit code is 0.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    connection: connect::Arguments,
    #[command(flatten)]
    interactive: interactive::Arguments,
    /// Run the steps in a file instead of being interactive
    #[arg(long, value_name = "FILE", long_help = script::HELP)]
    script: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Conform(conform::Arguments),
    Send(send::Arguments),
    Load(Box<load::Arguments>),
    Template(template::Arguments),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Arguments {
        connection,
        interactive,
        script,
        command,
    } = Arguments::parse();
    if let (Some(_), Some(script)) = (&command, &script) {
        let script = script.display();
        let problem = format!("--script {script} is run instead of a subcommand, not with one");
        return Failure::Problem(problem).report();
    }
    let done = match (command, script) {
        (Some(Command::Conform(arguments)), _) => match connection.trust_alone("conform") {
            Ok(tls) => return conform::run(arguments, tls).await,
            Err(refused) => Err(refused),
        },
        (Some(Command::Send(arguments)), _) => send::run(&connection, &arguments).await,
        (Some(Command::Load(arguments)), _) => connection
            .trust_alone("load")
            .and_then(|tls| load::run(&arguments, tls)),
        (Some(Command::Template(arguments)), _) => template::run(&arguments),
        (None, Some(script)) => script::run(&connection, &script).await,
        (None, None) => interactive::run(&connection, &interactive).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(failure) => failure.report(),
    }
}

/// Why the program did not do what it was asked to.
enum Failure {
    /// The server said no, or not what was expected. What it said is on standard output already if there is no text.
    Refused(Option<String>),
    /// The program cannot do its work.
    Problem(String),
    /// Nobody takes the output.
    Output(io::Error),
}

impl Failure {
    #[expect(clippy::needless_pass_by_value, reason = "errors come by value")]
    fn problem(problem: impl ToString) -> Self {
        Self::Problem(problem.to_string())
    }

    fn report(self) -> ExitCode {
        let (code, text) = match self {
            Self::Refused(text) => (1, text),
            Self::Problem(text) => (2, Some(text)),
            Self::Output(error) => (2, Some(format!("cannot write: {error}"))),
        };
        if let Some(text) = text {
            // There is nowhere left to report that this fails.
            let _ = writeln!(io::stderr(), "error: {text}");
        }
        ExitCode::from(code)
    }
}

/// Only output fails with a bare error: those of the network are the client's.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}
