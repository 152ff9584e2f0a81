//! Modbus over TCP by hand.

use crate::cursor::{ByHand, Judged, Reader, at_most, codec, fail, fitting};
use byteorder::{BigEndian, ByteOrder, WriteBytesExt};
use packet_runtime::ErrorKind;
use packet_tests::codecs::Codec;
use std::io::{self, Write};
use std::ops::RangeInclusive;

pub(crate) const CODECS: &[Codec] = &[
    codec::<DeviceObject>("DeviceObject"),
    codec::<ReadDeviceIdRequest>("ReadDeviceIdRequest"),
    codec::<ReadDeviceIdResponse>("ReadDeviceIdResponse"),
    codec::<Range<1, 2000>>("ReadCoilsRequest"),
    codec::<Bits<1>>("ReadCoilsResponse"),
    codec::<Range<2, 2000>>("ReadDiscreteInputsRequest"),
    codec::<Bits<2>>("ReadDiscreteInputsResponse"),
    codec::<Range<3, 125>>("ReadHoldingRegistersRequest"),
    codec::<Registers<3>>("ReadHoldingRegistersResponse"),
    codec::<Range<4, 125>>("ReadInputRegistersRequest"),
    codec::<Registers<4>>("ReadInputRegistersResponse"),
    codec::<WriteSingleCoil>("WriteSingleCoil"),
    codec::<WriteSingleRegister>("WriteSingleRegister"),
    codec::<WriteMultipleCoilsRequest>("WriteMultipleCoilsRequest"),
    codec::<Range<15, 1968>>("WriteMultipleCoilsResponse"),
    codec::<WriteMultipleRegistersRequest>("WriteMultipleRegistersRequest"),
    codec::<Range<16, 123>>("WriteMultipleRegistersResponse"),
    codec::<MaskWriteRegister>("MaskWriteRegister"),
    codec::<ReadWriteMultipleRegistersRequest>("ReadWriteMultipleRegistersRequest"),
    codec::<Registers<23>>("ReadWriteMultipleRegistersResponse"),
    codec::<Encapsulated<ReadDeviceIdRequest>>("EncapsulatedInterfaceRequest"),
    codec::<Encapsulated<ReadDeviceIdResponse>>("EncapsulatedInterfaceResponse"),
    codec::<Exception>("Exception"),
];

type From<'a> = Reader<'a, BigEndian>;

/// What the MBAP header says for the one who asks.
struct Header {
    transaction: u16,
    unit: u8,
}

impl Header {
    /// The header, the function, and what `body` reads.
    fn read_with<T>(
        from: &mut From<'_>,
        function: impl FnOnce(&mut From<'_>) -> Judged<u8>,
        body: impl FnOnce(&mut From<'_>) -> Judged<T>,
    ) -> Judged<(Self, u8, T)> {
        let transaction = from.u16("transaction")?;
        let protocol = from.u16("protocol")?;
        from.constant("protocol", protocol, 0_u16)?;
        let at = from.offset();
        let length = from.u16("length")?;
        let unit = from.u8("unit")?;
        let function = function(from)?;
        let body = body(from)?;
        // It counts from the unit on.
        from.size("length", at, length, 6)?;
        Ok((Self { transaction, unit }, function, body))
    }

    fn read<T>(
        from: &mut From<'_>,
        function: u8,
        body: impl FnOnce(&mut From<'_>) -> Judged<T>,
    ) -> Judged<(Self, T)> {
        let only = |from: &mut From<'_>| {
            let found = from.u8("function")?;
            from.constant("function", found, function)?;
            Ok(found)
        };
        let (header, _, body) = Self::read_with(from, only, body)?;
        Ok((header, body))
    }

    fn write(
        &self,
        to: &mut Vec<u8>,
        function: u8,
        body: impl FnOnce(&mut Vec<u8>) -> io::Result<()>,
    ) -> io::Result<()> {
        let start = to.len();
        to.write_u16::<BigEndian>(self.transaction)?;
        to.write_u16::<BigEndian>(0)?;
        to.write_u16::<BigEndian>(0)?;
        to.write_u8(self.unit)?;
        to.write_u8(function)?;
        body(to)?;
        let length = fitting(to.len() - start - 6)?;
        BigEndian::write_u16(&mut to[start + 4..], length);
        at_most(260, to.len() - start)
    }
}

fn quantity(from: &mut From<'_>, max: u16) -> Judged<u16> {
    let quantity = from.u16("quantity")?;
    from.range("quantity", quantity, 1..=max.into())?;
    Ok(quantity)
}

/// As many registers as `count` says, which stand for `byte_count` bytes.
fn registers(
    from: &mut From<'_>,
    field: &str,
    count: u16,
    range: RangeInclusive<usize>,
) -> Judged<Vec<u16>> {
    let start = from.offset();
    let count = usize::from(count);
    if !range.contains(&count) {
        let (min, max) = (*range.start() as i128, *range.end() as i128);
        let length = count as i128;
        let kind = ErrorKind::LengthOutOfRange { length, min, max };
        return fail(field, start, kind);
    }
    from.elements(field, count, 2, |from| from.u16(""))
}

fn write_registers(to: &mut Vec<u8>, registers: &[u16]) -> io::Result<()> {
    registers
        .iter()
        .try_for_each(|register| to.write_u16::<BigEndian>(*register))
}

/// Refuses a number of bytes that is not `expected`.
fn byte_count(field: &str, at: usize, actual: u8, expected: usize) -> Judged<()> {
    if usize::from(actual) == expected {
        return Ok(());
    }
    let (expected, actual) = (expected as i128, actual.into());
    fail(field, at, ErrorKind::ValueMismatch { expected, actual })
}

struct DeviceObject {
    id: u8,
    value: Object,
}

enum Object {
    Standard(String),
    Vendor(Vec<u8>),
}

/// The objects that the specification names, which are text.
const OBJECTS: [&str; 7] = [
    "vendor_name",
    "product_code",
    "major_minor_revision",
    "vendor_url",
    "product_name",
    "model_name",
    "user_application_name",
];

impl ByHand for DeviceObject {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let id = from.u8("id")?;
        let length = from.u8("length")?;
        let value = from.part("value", length.into(), |from| {
            match OBJECTS.get(usize::from(id)) {
                Some(name) => Ok(Object::Standard(
                    from.ascii(&format!("value.{name}"), length.into())?,
                )),
                None => Ok(Object::Vendor(from.rest())),
            }
        })?;
        Ok(Self { id, value })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        let bytes = match &self.value {
            Object::Standard(text) => text.as_bytes(),
            Object::Vendor(bytes) => bytes,
        };
        to.write_u8(self.id)?;
        to.write_u8(fitting(bytes.len())?)?;
        to.write_all(bytes)
    }
}

fn read_device_id_code(from: &mut From<'_>) -> Judged<u8> {
    let code = from.u8("code")?;
    from.known("code", code, |code| (1..=4).contains(&code).then_some(code))
}

struct ReadDeviceIdRequest {
    code: u8,
    object: u8,
}

impl ByHand for ReadDeviceIdRequest {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        Ok(Self {
            code: read_device_id_code(from)?,
            object: from.u8("object")?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.code)?;
        to.write_u8(self.object)
    }
}

struct ReadDeviceIdResponse {
    code: u8,
    conformity: u8,
    more_follows: bool,
    next_object: u8,
    objects: Vec<DeviceObject>,
}

impl ByHand for ReadDeviceIdResponse {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let code = read_device_id_code(from)?;
        let conformity = from.u8("conformity")?;
        let more = from.u8("more_follows")?;
        let more_follows = from.known("more_follows", more, |more| match more {
            0 => Some(false),
            0xff => Some(true),
            _ => None,
        })?;
        let next_object = from.u8("next_object")?;
        let count = from.u8("objects")?;
        Ok(Self {
            code,
            conformity,
            more_follows,
            next_object,
            objects: from.elements("objects", count.into(), 2, DeviceObject::read)?,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        to.write_u8(self.code)?;
        to.write_u8(self.conformity)?;
        to.write_u8(if self.more_follows { 0xff } else { 0 })?;
        to.write_u8(self.next_object)?;
        to.write_u8(fitting(self.objects.len())?)?;
        self.objects.iter().try_for_each(|object| object.write(to))
    }
}

/// An address and a quantity: what is to be read, or what was written.
struct Range<const FUNCTION: u8, const MAX: u16> {
    header: Header,
    address: u16,
    quantity: u16,
}

impl<const FUNCTION: u8, const MAX: u16> ByHand for Range<FUNCTION, MAX> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (header, (address, quantity)) = Header::read(from, FUNCTION, |from| {
            Ok((from.u16("address")?, quantity(from, MAX)?))
        })?;
        Ok(Self {
            header,
            address,
            quantity,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, FUNCTION, |to| {
            to.write_u16::<BigEndian>(self.address)?;
            to.write_u16::<BigEndian>(self.quantity)
        })
    }
}

/// Coils or inputs that were read.
struct Bits<const FUNCTION: u8> {
    header: Header,
    bits: Vec<u8>,
}

impl<const FUNCTION: u8> ByHand for Bits<FUNCTION> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let field = if FUNCTION == 1 { "coils" } else { "inputs" };
        let (header, bits) = Header::read(from, FUNCTION, |from| {
            let len = from.u8(field)?;
            let len = from.length(field, len, 1..=250)?;
            Ok(from.bytes(field, len)?.to_vec())
        })?;
        Ok(Self { header, bits })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, FUNCTION, |to| {
            to.write_u8(fitting(self.bits.len())?)?;
            to.write_all(&self.bits)
        })
    }
}

/// Registers that were read.
struct Registers<const FUNCTION: u8> {
    header: Header,
    registers: Vec<u16>,
}

impl<const FUNCTION: u8> ByHand for Registers<FUNCTION> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (header, registers) = Header::read(from, FUNCTION, |from| {
            let bytes = from.u8("byte_count")?;
            from.part("registers", bytes.into(), |from| {
                from.elements_to_end("registers", 1..=125, |from| from.u16(""))
            })
        })?;
        Ok(Self { header, registers })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, FUNCTION, |to| {
            to.write_u8(fitting(self.registers.len() * 2)?)?;
            write_registers(to, &self.registers)
        })
    }
}

struct WriteSingleCoil {
    header: Header,
    address: u16,
    on: bool,
}

impl ByHand for WriteSingleCoil {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (header, (address, on)) = Header::read(from, 5, |from| {
            let address = from.u16("address")?;
            let value = from.u16("value")?;
            let on = from.known("value", value, |value| match value {
                0 => Some(false),
                0xff00 => Some(true),
                _ => None,
            })?;
            Ok((address, on))
        })?;
        Ok(Self {
            header,
            address,
            on,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, 5, |to| {
            to.write_u16::<BigEndian>(self.address)?;
            to.write_u16::<BigEndian>(if self.on { 0xff00 } else { 0 })
        })
    }
}

struct WriteSingleRegister {
    header: Header,
    address: u16,
    value: u16,
}

impl ByHand for WriteSingleRegister {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (header, (address, value)) = Header::read(from, 6, |from| {
            Ok((from.u16("address")?, from.u16("value")?))
        })?;
        Ok(Self {
            header,
            address,
            value,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, 6, |to| {
            to.write_u16::<BigEndian>(self.address)?;
            to.write_u16::<BigEndian>(self.value)
        })
    }
}

struct WriteMultipleCoilsRequest {
    header: Header,
    address: u16,
    quantity: u16,
    coils: Vec<u8>,
}

impl ByHand for WriteMultipleCoilsRequest {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (header, (address, quantity, coils)) = Header::read(from, 15, |from| {
            let address = from.u16("address")?;
            let quantity = quantity(from, 1968)?;
            let at = from.offset();
            let count = from.u8("byte_count")?;
            from.range("byte_count", count, 1..=246)?;
            byte_count("byte_count", at, count, usize::from(quantity.div_ceil(8)))?;
            let coils = from.bytes("coils", count.into())?.to_vec();
            Ok((address, quantity, coils))
        })?;
        Ok(Self {
            header,
            address,
            quantity,
            coils,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, 15, |to| {
            to.write_u16::<BigEndian>(self.address)?;
            to.write_u16::<BigEndian>(self.quantity)?;
            to.write_u8(fitting(self.coils.len())?)?;
            to.write_all(&self.coils)
        })
    }
}

struct WriteMultipleRegistersRequest {
    header: Header,
    address: u16,
    registers: Vec<u16>,
}

impl ByHand for WriteMultipleRegistersRequest {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (header, (address, registers)) = Header::read(from, 16, |from| {
            let address = from.u16("address")?;
            let quantity = from.u16("quantity")?;
            let at = from.offset();
            let count = from.u8("byte_count")?;
            from.range("byte_count", count, 2..=246)?;
            let registers = registers(from, "registers", quantity, 1..=123)?;
            byte_count("byte_count", at, count, registers.len() * 2)?;
            Ok((address, registers))
        })?;
        Ok(Self {
            header,
            address,
            registers,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, 16, |to| {
            to.write_u16::<BigEndian>(self.address)?;
            to.write_u16::<BigEndian>(fitting(self.registers.len())?)?;
            to.write_u8(fitting(self.registers.len() * 2)?)?;
            write_registers(to, &self.registers)
        })
    }
}

struct MaskWriteRegister {
    header: Header,
    address: u16,
    and_mask: u16,
    or_mask: u16,
}

impl ByHand for MaskWriteRegister {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (header, (address, and_mask, or_mask)) = Header::read(from, 22, |from| {
            let address = from.u16("address")?;
            Ok((address, from.u16("and_mask")?, from.u16("or_mask")?))
        })?;
        Ok(Self {
            header,
            address,
            and_mask,
            or_mask,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, 22, |to| {
            to.write_u16::<BigEndian>(self.address)?;
            to.write_u16::<BigEndian>(self.and_mask)?;
            to.write_u16::<BigEndian>(self.or_mask)
        })
    }
}

struct ReadWriteMultipleRegistersRequest {
    header: Header,
    read_address: u16,
    read_quantity: u16,
    write_address: u16,
    registers: Vec<u16>,
}

impl ByHand for ReadWriteMultipleRegistersRequest {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (header, (read_address, read_quantity, write_address, registers)) =
            Header::read(from, 23, |from| {
                let read_address = from.u16("read_address")?;
                let read_quantity = from.u16("read_quantity")?;
                from.range("read_quantity", read_quantity, 1..=125)?;
                let write_address = from.u16("write_address")?;
                let write_quantity = from.u16("write_quantity")?;
                let at = from.offset();
                let count = from.u8("write_byte_count")?;
                from.range("write_byte_count", count, 2..=242)?;
                let registers = registers(from, "write_registers", write_quantity, 1..=121)?;
                byte_count("write_byte_count", at, count, registers.len() * 2)?;
                Ok((read_address, read_quantity, write_address, registers))
            })?;
        Ok(Self {
            header,
            read_address,
            read_quantity,
            write_address,
            registers,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, 23, |to| {
            to.write_u16::<BigEndian>(self.read_address)?;
            to.write_u16::<BigEndian>(self.read_quantity)?;
            to.write_u16::<BigEndian>(self.write_address)?;
            to.write_u16::<BigEndian>(fitting(self.registers.len())?)?;
            to.write_u8(fitting(self.registers.len() * 2)?)?;
            write_registers(to, &self.registers)
        })
    }
}

/// What is said in another protocol: about the device's identification, or something else.
struct Encapsulated<T> {
    header: Header,
    body: Interface<T>,
}

enum Interface<T> {
    ReadDeviceId(T),
    Other(u8, Vec<u8>),
}

impl<T: ByHand<Order = BigEndian>> ByHand for Encapsulated<T> {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let (header, body) = Header::read(from, 43, |from| match from.u8("kind")? {
            14 => Ok(Interface::ReadDeviceId(
                from.inside("body.read_device_id", T::read)?,
            )),
            kind => Ok(Interface::Other(kind, from.rest())),
        })?;
        Ok(Self { header, body })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header.write(to, 43, |to| match &self.body {
            Interface::ReadDeviceId(body) => {
                to.write_u8(14)?;
                body.write(to)
            }
            Interface::Other(kind, bytes) => {
                to.write_u8(*kind)?;
                to.write_all(bytes)
            }
        })
    }
}

struct Exception {
    header: Header,
    /// The request's, with the highest bit set.
    function: u8,
    code: u8,
}

impl ByHand for Exception {
    type Order = BigEndian;

    fn read(from: &mut From<'_>) -> Judged<Self> {
        let function = |from: &mut From<'_>| {
            let function = from.u8("function")?;
            from.range("function", function, 0x81..=0xff)?;
            Ok(function)
        };
        let (header, function, code) = Header::read_with(from, function, |from| from.u8("code"))?;
        Ok(Self {
            header,
            function,
            code,
        })
    }

    fn write(&self, to: &mut Vec<u8>) -> io::Result<()> {
        self.header
            .write(to, self.function, |to| to.write_u8(self.code))
    }
}
