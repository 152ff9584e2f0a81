//! Messages of a running session.

use super::{From, Message, Value, list, write_list, write_text};
use crate::cursor::{ByHand, Judged};
use byteorder::{BigEndian, WriteBytesExt};
use std::io;

/// Whether a value is text or binary.
fn format(from: &mut From<'_>, field: &str) -> Judged<u16> {
    let format = from.u16(field)?;
    from.known(field, format, |format| (format < 2).then_some(format))
}

fn formats(from: &mut From<'_>, field: &str) -> Judged<Vec<u16>> {
    list(from, field, 2, |from| format(from, ""))
}

fn write_formats(to: &mut Vec<u8>, formats: &[u16]) -> io::Result<()> {
    write_list(to, formats, |format, to| to.write_u16::<BigEndian>(*format))
}

fn write_oids(to: &mut Vec<u8>, oids: &[u32]) -> io::Result<()> {
    write_list(to, oids, |oid, to| to.write_u32::<BigEndian>(*oid))
}

/// A message of one text, whose name depends on what it is about.
pub(super) struct Text<const TYPE: u8>(String);

impl<const TYPE: u8> Message for Text<TYPE> {
    const TYPE: u8 = TYPE;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let field = match TYPE {
            b'Q' => "query",
            b'C' => "tag",
            _ => "message",
        };
        Ok(Self(from.cstring(field, 0)?))
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_text(to, &self.0)
    }
}

pub(super) struct ParameterStatus {
    name: String,
    value: String,
}

impl Message for ParameterStatus {
    const TYPE: u8 = b'S';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            name: from.cstring("name", 1)?,
            value: from.cstring("value", 0)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_text(to, &self.name)?;
        write_text(to, &self.value)
    }
}

pub(super) struct ReadyForQuery {
    status: u8,
}

impl Message for ReadyForQuery {
    const TYPE: u8 = b'Z';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let status = from.u8("status")?;
        let status = from.known("status", status, |status| {
            matches!(status, b'I' | b'E' | b'T').then_some(status)
        })?;
        Ok(Self { status })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.status)
    }
}

pub(super) struct Column {
    name: String,
    table: u32,
    attribute: i16,
    oid: u32,
    size: i16,
    modifier: i32,
    format: u16,
}

impl Column {
    /// One without a name.
    const SMALLEST: usize = 1 + 4 + 2 + 4 + 2 + 4 + 2;
}

impl ByHand for Column {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            name: from.cstring("name", 0)?,
            table: from.u32("table")?,
            attribute: from.i16("attribute")?,
            oid: from.u32("type")?,
            size: from.i16("type_size")?,
            modifier: from.i32("type_modifier")?,
            format: format(from, "format")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_text(to, &self.name)?;
        to.write_u32::<BigEndian>(self.table)?;
        to.write_i16::<BigEndian>(self.attribute)?;
        to.write_u32::<BigEndian>(self.oid)?;
        to.write_i16::<BigEndian>(self.size)?;
        to.write_i32::<BigEndian>(self.modifier)?;
        to.write_u16::<BigEndian>(self.format)
    }
}

pub(super) struct RowDescription {
    columns: Vec<Column>,
}

impl Message for RowDescription {
    const TYPE: u8 = b'T';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let columns = list(from, "columns", Column::SMALLEST, Column::read)?;
        Ok(Self { columns })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_list(to, &self.columns, Column::write)
    }
}

pub(super) struct DataRow {
    values: Vec<Value>,
}

impl Message for DataRow {
    const TYPE: u8 = b'D';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let values = list(from, "values", 4, Value::read)?;
        Ok(Self { values })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_list(to, &self.values, Value::write)
    }
}

/// A part of an error or notice; kinds that nobody knows are to be ignored.
pub(super) struct ErrorField {
    kind: u8,
    value: String,
}

impl ByHand for ErrorField {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            kind: from.u8("kind")?,
            value: from.cstring("value", 0)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.kind)?;
        write_text(to, &self.value)
    }
}

/// An error or a notice.
pub(super) struct Report<const TYPE: u8> {
    fields: Vec<ErrorField>,
}

impl<const TYPE: u8> Message for Report<TYPE> {
    const TYPE: u8 = TYPE;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let fields = from.elements_to_zero("fields", ErrorField::read)?;
        Ok(Self { fields })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        for field in &self.fields {
            field.write(to)?;
        }
        to.write_u8(0)
    }
}

pub(super) struct NotificationResponse {
    process_id: u32,
    channel: String,
    payload: String,
}

impl Message for NotificationResponse {
    const TYPE: u8 = b'A';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            process_id: from.u32("process_id")?,
            channel: from.cstring("channel", 0)?,
            payload: from.cstring("payload", 0)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.process_id)?;
        write_text(to, &self.channel)?;
        write_text(to, &self.payload)
    }
}

pub(super) struct Parse {
    statement: String,
    query: String,
    parameter_types: Vec<u32>,
}

impl Message for Parse {
    const TYPE: u8 = b'P';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            statement: from.cstring("statement", 0)?,
            query: from.cstring("query", 0)?,
            parameter_types: list(from, "parameter_types", 4, |from| from.u32(""))?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_text(to, &self.statement)?;
        write_text(to, &self.query)?;
        write_oids(to, &self.parameter_types)
    }
}

pub(super) struct Bind {
    portal: String,
    statement: String,
    parameter_formats: Vec<u16>,
    parameters: Vec<Value>,
    result_formats: Vec<u16>,
}

impl Message for Bind {
    const TYPE: u8 = b'B';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            portal: from.cstring("portal", 0)?,
            statement: from.cstring("statement", 0)?,
            parameter_formats: formats(from, "parameter_formats")?,
            parameters: list(from, "parameters", 4, Value::read)?,
            result_formats: formats(from, "result_formats")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_text(to, &self.portal)?;
        write_text(to, &self.statement)?;
        write_formats(to, &self.parameter_formats)?;
        write_list(to, &self.parameters, Value::write)?;
        write_formats(to, &self.result_formats)
    }
}

/// Describes or closes a portal or a statement.
pub(super) struct Named<const TYPE: u8> {
    target: u8,
    name: String,
}

impl<const TYPE: u8> Message for Named<TYPE> {
    const TYPE: u8 = TYPE;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let target = from.u8("target")?;
        let target = from.known("target", target, |target| {
            matches!(target, b'P' | b'S').then_some(target)
        })?;
        Ok(Self {
            target,
            name: from.cstring("name", 0)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.target)?;
        write_text(to, &self.name)
    }
}

pub(super) struct Execute {
    portal: String,
    max_rows: u32,
}

impl Message for Execute {
    const TYPE: u8 = b'E';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            portal: from.cstring("portal", 0)?,
            max_rows: from.u32("max_rows")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_text(to, &self.portal)?;
        to.write_u32::<BigEndian>(self.max_rows)
    }
}

pub(super) struct ParameterDescription {
    types: Vec<u32>,
}

impl Message for ParameterDescription {
    const TYPE: u8 = b't';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let types = list(from, "types", 4, |from| from.u32(""))?;
        Ok(Self { types })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        write_oids(to, &self.types)
    }
}

pub(super) struct FunctionCall {
    function: u32,
    argument_formats: Vec<u16>,
    arguments: Vec<Value>,
    result_format: u16,
}

impl Message for FunctionCall {
    const TYPE: u8 = b'F';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            function: from.u32("function")?,
            argument_formats: formats(from, "argument_formats")?,
            arguments: list(from, "arguments", 4, Value::read)?,
            result_format: format(from, "result_format")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u32::<BigEndian>(self.function)?;
        write_formats(to, &self.argument_formats)?;
        write_list(to, &self.arguments, Value::write)?;
        to.write_u16::<BigEndian>(self.result_format)
    }
}

pub(super) struct FunctionCallResponse {
    result: Value,
}

impl Message for FunctionCallResponse {
    const TYPE: u8 = b'V';

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let result = from.inside("result", Value::read)?;
        Ok(Self { result })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.result.write(to)
    }
}

/// Rows can be sent, or will be.
pub(super) struct CopyResponse<const TYPE: u8> {
    format: u8,
    columns: Vec<u16>,
}

impl<const TYPE: u8> Message for CopyResponse<TYPE> {
    const TYPE: u8 = TYPE;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let format = from.u8("format")?;
        Ok(Self {
            format: from.known("format", format, |format| (format < 2).then_some(format))?,
            columns: formats(from, "columns")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.format)?;
        write_formats(to, &self.columns)
    }
}
