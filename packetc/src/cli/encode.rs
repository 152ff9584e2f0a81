//! `packetc encode`

use super::{Error, Outcome, input, json, schema, terminal};
use clap::{Args, ValueEnum};
use packet_schema::codec::{EncodeError, encode};
use packet_schema::layout::{Layout, StructId};
use packet_schema::value::{Value, to_hex};
use packetc::render::hex;
use serde::Serialize;
use std::io::Write;
use std::path::PathBuf;

/// Write packets without generated code
///
/// Reads JSON values, one after the other, and writes the bytes of each as a line of hexadecimal digits.
/// Lengths, counts, tags and checksums may be left out. The objects that `packetc decode --format json`
/// writes are taken as well, and name their packet themselves.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  packetc encode schemas/quickstart.yaml --packet Move \
'{\"player\": 12345, \"position\": {\"x\": 100.5, \"y\": 200.3, \"z\": 50.7}}'
  packetc decode schemas/game.yaml --format json packets.hex | packetc encode schemas/game.yaml")]
pub(super) struct Arguments {
    /// Schema to read
    schema: PathBuf,
    #[command(flatten)]
    root: schema::Root,
    /// Values to encode; standard input if missing or `-`
    json: Option<String>,
    /// Packet or struct that the values are of
    #[arg(long, value_name = "NAME")]
    packet: Option<String>,
    /// Write the bytes themselves, one packet after the other
    #[arg(long, conflicts_with = "format")]
    raw: bool,
    /// How to write packets
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// Hexadecimal digits
    #[default]
    Hex,
    /// Hexadecimal digits with a space between bytes
    Spaced,
    /// One JSON object a line, also for a value that cannot be encoded
    Json,
}

pub(super) fn run(arguments: &Arguments, out: &mut impl Write) -> Result<Outcome, Error> {
    let Some(layout) = schema::load(&arguments.schema, &arguments.root)? else {
        return Ok(Outcome::Problems);
    };
    let named = match &arguments.packet {
        Some(name) => Some(schema::struct_named(&layout, name)?),
        None => None,
    };
    let text = match arguments.json.as_deref() {
        Some(text) if text != "-" => text.to_owned(),
        _ => input::stdin_text()?,
    };
    let values = json::values(&text)
        .map_err(|error| Error::Usage(format!("the value is not JSON: {error}")))?;
    if values.is_empty() {
        return Err(Error::Usage("there is no JSON value to encode".to_owned()));
    }
    let mut outcome = Outcome::Clean;
    for (index, value) in values.into_iter().enumerate() {
        let (id, value) = packet(&layout, named, value)
            .map_err(|problem| Error::Usage(format!("value {}: {problem}", index + 1)))?;
        let encoded = encode(&layout, id, &value);
        outcome = outcome.and(Outcome::problems_if(encoded.is_err()));
        match encoded {
            Ok(bytes) => write(arguments, &layout.get(id).name, &bytes, out),
            Err(error) => complain(arguments, &error, out),
        }?;
    }
    Ok(outcome)
}

/// The packet and the value to encode.
fn packet(
    layout: &Layout,
    named: Option<StructId>,
    value: Value,
) -> Result<(StructId, Value), Error> {
    match (envelope(layout, named, &value), named) {
        (Some((name, value)), _) => {
            let id = schema::struct_named(layout, name)?;
            if let Some(named) = named.filter(|named| *named != id) {
                let wanted = &layout.get(named).name;
                return Err(Error::Usage(format!(
                    "it is of packet {name}, not {wanted}"
                )));
            }
            Ok((id, value.clone()))
        }
        (None, Some(id)) => Ok((id, value)),
        (None, None) => match layout.packets.as_slice() {
            [packet] => Ok((packet.body, value)),
            _ if value.get("error").is_some() => Err(Error::Usage(
                "it is the report of a packet that could not be decoded".to_owned(),
            )),
            _ => Err(Error::Usage(
                "it does not say of which packet it is; name it with --packet".to_owned(),
            )),
        },
    }
}

/// The packet's name and its value in an object that `packetc decode` wrote.
fn envelope<'a>(
    layout: &Layout,
    named: Option<StructId>,
    value: &'a Value,
) -> Option<(&'a str, &'a Value)> {
    // A packet may have fields with these very names.
    let is_field = named.is_some_and(|id| {
        layout
            .get(id)
            .fields
            .iter()
            .any(|field| field.name == "value" || field.name == "packet")
    });
    let (Value::Text(name), inner) = (value.get("packet")?, value.get("value")?) else {
        return None;
    };
    (!is_field).then_some((name, inner))
}

fn write(
    arguments: &Arguments,
    packet: &str,
    bytes: &[u8],
    out: &mut impl Write,
) -> Result<(), Error> {
    if arguments.raw {
        return out.write_all(bytes).map_err(Error::Output);
    }
    let digits = to_hex(bytes);
    let line = match arguments.format {
        Format::Hex => digits,
        Format::Spaced => hex::spaced(bytes),
        Format::Json => to_json(&Success {
            packet,
            length: bytes.len(),
            hex: &digits,
        })?,
    };
    writeln!(out, "{line}").map_err(Error::Output)
}

fn complain(arguments: &Arguments, error: &EncodeError, out: &mut impl Write) -> Result<(), Error> {
    if !matches!(arguments.format, Format::Json) {
        out.flush().map_err(Error::Output)?;
        terminal::complain_about(&error.to_string());
        return Ok(());
    }
    let line = to_json(&Failure {
        error: Problem {
            packet: &error.packet,
            field: &error.field,
            kind: error.kind.name(),
            message: error.kind.to_string(),
        },
    })?;
    writeln!(out, "{line}").map_err(Error::Output)
}

fn to_json(object: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(object).map_err(|error| Error::Output(error.into()))
}

#[derive(Serialize)]
struct Success<'a> {
    packet: &'a str,
    length: usize,
    hex: &'a str,
}

#[derive(Serialize)]
struct Failure<'a> {
    error: Problem<'a>,
}

#[derive(Serialize)]
struct Problem<'a> {
    packet: &'a str,
    field: &'a str,
    kind: &'a str,
    message: String,
}
