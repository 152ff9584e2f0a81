//! The reference server as a program: listens until it is told to stop.
#![forbid(unsafe_code)]

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use reference::server::config::keys::KEYS;
use reference::server::config::{self, Effective, Format, Level, Log, Settings, Sources};
use reference::server::{self, Server};
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::runtime;
use tracing_subscriber::filter::LevelFilter;

/// Gives back the megabytes that a password's hash takes, which glibc's allocator keeps for each thread that ever hashed.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Flags of what is done instead of serving.
const ALLOW: &str = "allow-broadcast";
const FORBID: &str = "forbid-broadcast";

const ABOUT: &str = "A server for the game protocol

Prints the address that it listens on, and logs to standard error. SIGTERM and Ctrl-C stop it: clients are told, and what is \
on its way to them is still written. A second one ends it at once.

Settings come from flags, from variables of the environment, which are named like the flags (PACKET_SERVER_LISTEN_ADDRESS), \
from the file given by --config, and from the defaults, in this order.";

fn main() -> ExitCode {
    let matches = command().get_matches();
    match run(&matches) {
        Ok(code) => code,
        Err(error) => {
            // There is nowhere left to report that this fails.
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(matches: &ArgMatches) -> Result<ExitCode, String> {
    let effective = config::load(&sources(matches)?).map_err(|error| error.to_string())?;
    if matches.get_flag("print-config") {
        let printed = io::stdout().write_all(effective.to_toml().as_bytes());
        return printed
            .map(|()| ExitCode::SUCCESS)
            .map_err(|error| format!("cannot print: {error}"));
    }
    log_to_stderr(&effective.settings.log);
    for (flag, may) in [(ALLOW, true), (FORBID, false)] {
        if let Some(name) = matches.get_one::<String>(flag) {
            return grant_broadcast(&effective.settings, name, may);
        }
    }
    let mut builder = runtime::Builder::new_multi_thread();
    let threads = effective.settings.listen.worker_threads;
    if threads > 0 {
        builder.worker_threads(threads.into());
    }
    let runtime = builder.enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start threads: {error}"))?;
    runtime.block_on(serve(effective))?;
    // Nothing is left that matters; a client that still shakes hands is not waited for.
    runtime.shutdown_background();
    Ok(ExitCode::SUCCESS)
}

/// Changes the right of an account, and says so.
fn grant_broadcast(settings: &Settings, name: &str, may: bool) -> Result<ExitCode, String> {
    let data = &settings.store.data;
    if data == "memory" {
        return Err(
            "store.data is memory, which no other process shares; name the server's folder"
                .to_owned(),
        );
    }
    let runtime = runtime::Builder::new_current_thread().build();
    let runtime = runtime.map_err(|error| format!("cannot start: {error}"))?;
    let granted = runtime.block_on(server::grant_broadcast(settings, name, may));
    if !granted.map_err(|error| error.to_string())? {
        return Err(format!(
            "no account is called {name:?} where store.data is {data:?}; the player registers first"
        ));
    }
    let may = if may { "may" } else { "may not" };
    let told = writeln!(
        io::stdout(),
        "{name:?} {may} broadcast from the next login on"
    );
    told.map_err(|error| format!("cannot print: {error}"))?;
    Ok(ExitCode::SUCCESS)
}

async fn serve(effective: Effective) -> Result<(), String> {
    // Before anything is opened, so that there is no moment at which a signal would be too early.
    let stop = signals().map_err(|error| format!("cannot wait for signals: {error}"))?;
    let server = Server::bind(effective.settings).await;
    let server = server.map_err(|error| error.to_string())?;
    if let Some(address) = server.metrics_addr() {
        tracing::info!("metrics on http://{address}/metrics");
    }
    let mut out = io::stdout();
    let told = writeln!(out, "listening on {}", server.local_addr()).and_then(|()| out.flush());
    told.map_err(|error| format!("cannot print: {error}"))?;
    server.run(stop).await;
    Ok(())
}

/// The flags: one for each setting, made from what says what the settings mean.
fn command() -> Command {
    let config = Arg::new("config")
        .long("config")
        .value_name("FILE")
        .value_parser(value_parser!(PathBuf))
        .help("File with settings in TOML");
    let print = Arg::new("print-config")
        .long("print-config")
        .action(ArgAction::SetTrue)
        .help("Print all settings in TOML, with where each came from, and exit");
    let command = Command::new("packet-server")
        .version(env!("CARGO_PKG_VERSION"))
        .about("A server for the game protocol")
        .long_about(ABOUT)
        .arg(config)
        .arg(print)
        .arg(
            Arg::new(ALLOW)
                .long(ALLOW)
                .value_name("NAME")
                .conflicts_with(FORBID)
                .help("Let this account broadcast from its next login on, and exit; a server may run meanwhile"),
        )
        .arg(
            Arg::new(FORBID)
                .long(FORBID)
                .value_name("NAME")
                .help("Take that right away, and exit"),
        );
    KEYS.iter().fold(command, |command, key| {
        let table = key.path.split('.').next().unwrap_or_default();
        let mut arg = Arg::new(key.path)
            .long(key.flag())
            .value_name("VALUE")
            .help(key.doc)
            .help_heading(format!("Settings: {table}"));
        if let Some(alias) = key.alias {
            arg = arg.visible_alias(alias);
        }
        command.arg(arg)
    })
}

fn sources(matches: &ArgMatches) -> Result<Sources, String> {
    let file = match matches.get_one::<PathBuf>("config") {
        Some(path) => {
            let text = fs::read_to_string(path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            Some((path.display().to_string(), text))
        }
        None => None,
    };
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let flags = KEYS.iter().filter_map(|key| {
        let value = matches.get_one::<String>(key.path)?;
        Some((key.path, value.clone()))
    });
    Ok(Sources {
        file,
        variables: variables.collect(),
        flags: flags.collect(),
    })
}

fn log_to_stderr(log: &Log) {
    let level = match log.level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    };
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr);
    match log.format {
        Format::Human => subscriber.init(),
        Format::Json => subscriber.json().init(),
    }
}

/// Completes when somebody wants the server to stop: Ctrl-C, or a service manager. A second wish ends the process.
#[cfg(unix)]
fn signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    /// As a shell says that Ctrl-C ended a program.
    const INTERRUPTED: i32 = 130;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (stop, stopped) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let mut stop = Some(stop);
        loop {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            match stop.take() {
                Some(stop) => {
                    // Nobody waits any more if the server has ended by itself.
                    let _ = stop.send(());
                }
                None => std::process::exit(INTERRUPTED),
            }
        }
    });
    Ok(async move {
        // The sender is dropped only after it was used.
        let _ = stopped.await;
    })
}

/// Completes when somebody wants the server to stop: Ctrl-C.
#[cfg(not(unix))]
fn signals() -> io::Result<impl Future<Output = ()>> {
    // Where Ctrl-C cannot be caught it ends the process, so there is nothing to wait for.
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
