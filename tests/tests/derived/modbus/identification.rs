//! What a device says of itself, in the encapsulation of another protocol.

use crate::{Twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum ReadDeviceIdCode {
    Basic = 1,
    Regular,
    Extended,
    Specific,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum ConformityLevel {
    BasicStream = 0x01,
    RegularStream,
    ExtendedStream,
    Basic = 0x81,
    Regular,
    Extended,
    #[packet(other)]
    Other(u8),
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum MoreFollows {
    No,
    Yes = 0xff,
}

#[derive(Debug, Packet)]
enum DeviceObjectValue<'a> {
    #[packet(tag = 0, name = "vendor_name", rest, encoding = "ascii")]
    VendorName(&'a str),
    #[packet(tag = 1, name = "product_code", rest, encoding = "ascii")]
    ProductCode(&'a str),
    #[packet(tag = 2, name = "major_minor_revision", rest, encoding = "ascii")]
    MajorMinorRevision(&'a str),
    #[packet(tag = 3, name = "vendor_url", rest, encoding = "ascii")]
    VendorUrl(&'a str),
    #[packet(tag = 4, name = "product_name", rest, encoding = "ascii")]
    ProductName(&'a str),
    #[packet(tag = 5, name = "model_name", rest, encoding = "ascii")]
    ModelName(&'a str),
    #[packet(tag = 6, name = "user_application_name", rest, encoding = "ascii")]
    UserApplicationName(&'a str),
    #[packet(else, rest)]
    Else { tag: u8, value: &'a [u8] },
}

#[derive(Debug, Packet)]
struct DeviceObject<'a> {
    #[packet(wire(id: u8, length: u8), match = "id", size = "length")]
    value: DeviceObjectValue<'a>,
}

#[derive(Debug, Packet)]
struct ReadDeviceIdRequest {
    #[packet(type = "u8")]
    code: ReadDeviceIdCode,
    object: u8,
}

#[derive(Debug, Packet)]
struct ReadDeviceIdResponse<'a> {
    #[packet(type = "u8")]
    code: ReadDeviceIdCode,
    #[packet(type = "u8")]
    conformity: ConformityLevel,
    #[packet(type = "u8")]
    more_follows: MoreFollows,
    next_object: u8,
    #[packet(len = "u8")]
    objects: Vec<DeviceObject<'a>>,
}

#[derive(Debug, Packet)]
enum RequestBody<'a> {
    #[packet(tag = 14, name = "read_device_id")]
    ReadDeviceId(ReadDeviceIdRequest),
    #[packet(else, rest)]
    Else { tag: u8, value: &'a [u8] },
}

#[derive(Debug, Packet)]
enum ResponseBody<'a> {
    #[packet(tag = 14, name = "read_device_id")]
    ReadDeviceId(ReadDeviceIdResponse<'a>),
    #[packet(else, rest)]
    Else { tag: u8, value: &'a [u8] },
}

modbus! {
    #[packet(id = 43)]
    struct EncapsulatedInterfaceRequest<'a> {
        #[packet(wire(kind: u8), match = "kind", rest)]
        body: RequestBody<'a>,
    }
}

modbus! {
    #[packet(id = 43)]
    struct EncapsulatedInterfaceResponse<'a> {
        #[packet(wire(kind: u8), match = "kind", rest)]
        body: ResponseBody<'a>,
    }
}

pub(super) const TWINS: &[Twin] = twins![
    DeviceObject / DeviceObjectView<'_>,
    ReadDeviceIdRequest / ReadDeviceIdRequestView,
    ReadDeviceIdResponse / ReadDeviceIdResponseView<'_>,
    EncapsulatedInterfaceRequest / EncapsulatedInterfaceRequestView<'_>,
    EncapsulatedInterfaceResponse / EncapsulatedInterfaceResponseView<'_>,
];
