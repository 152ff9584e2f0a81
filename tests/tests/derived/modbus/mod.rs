//! All of `schemas/modbus.yaml`: a header with fields that are the user's, a size that counts a part, ranges of
//! ids, computed values, arrays that a number of bytes ends.

/// A packet with the header of Modbus and the fields of a user's that stand in it.
macro_rules! modbus {
    ($(#[$attribute:meta])* struct $name:ident $(<$lifetime:lifetime>)? { $($fields:tt)* }) => {
        #[derive(Debug, Packet)]
        #[packet(
            max_size = 260,
            header(
                transaction: u16,
                protocol: u16 = 0,
                #[packet(role = "size")] length: u16,
                unit: u8,
                #[packet(role = "id")] function: u8
            ),
            counts = from(unit)
        )]
        $(#[$attribute])*
        struct $name $(<$lifetime>)? {
            #[packet(header)]
            transaction: u16,
            #[packet(header)]
            unit: u8,
            $($fields)*
        }
    };
}

mod identification;

use super::{Twin, compare, every_struct_has_a_twin, twins};
use packet_derive::Packet;

#[derive(Clone, Copy, Debug, Packet)]
#[packet(repr = "u16")]
enum Coil {
    Off = 0,
    On = 0xff00,
}

#[derive(Clone, Copy, Debug, Packet)]
#[repr(u8)]
enum ExceptionCode {
    IllegalFunction = 1,
    IllegalDataAddress,
    IllegalDataValue,
    ServerDeviceFailure,
    Acknowledge,
    ServerDeviceBusy,
    MemoryParityError = 8,
    GatewayPathUnavailable = 10,
    GatewayTargetDeviceFailedToRespond,
    #[packet(other)]
    Other(u8),
}

modbus! {
    #[packet(id = 1, size = 12)]
    struct ReadCoilsRequest {
        address: u16,
        #[packet(range = 1..=2000)]
        quantity: u16,
    }
}

modbus! {
    #[packet(id = 1)]
    struct ReadCoilsResponse<'a> {
        #[packet(len = "u8", min = 1, max = 250)]
        coils: &'a [u8],
    }
}

modbus! {
    #[packet(id = 2, size = 12)]
    struct ReadDiscreteInputsRequest {
        address: u16,
        #[packet(range = 1..=2000)]
        quantity: u16,
    }
}

modbus! {
    #[packet(id = 2)]
    struct ReadDiscreteInputsResponse {
        #[packet(len = "u8", min = 1, max = 250)]
        inputs: Vec<u8>,
    }
}

modbus! {
    #[packet(id = 3, size = 12)]
    struct ReadHoldingRegistersRequest {
        address: u16,
        #[packet(range = 1..=125)]
        quantity: u16,
    }
}

modbus! {
    #[packet(id = 3)]
    struct ReadHoldingRegistersResponse {
        #[packet(wire(byte_count: u8), size = "byte_count", min = 1, max = 125)]
        registers: Vec<u16>,
    }
}

modbus! {
    #[packet(id = 4, size = 12)]
    struct ReadInputRegistersRequest {
        address: u16,
        #[packet(range = 1..=125)]
        quantity: u16,
    }
}

modbus! {
    #[packet(id = 4)]
    struct ReadInputRegistersResponse {
        #[packet(wire(byte_count: u8), size = "byte_count", min = 1, max = 125)]
        registers: Vec<u16>,
    }
}

modbus! {
    #[packet(id = 5, size = 12)]
    struct WriteSingleCoil {
        address: u16,
        #[packet(type = "u16")]
        value: Coil,
    }
}

modbus! {
    #[packet(id = 6, size = 12)]
    struct WriteSingleRegister {
        address: u16,
        value: u16,
    }
}

modbus! {
    #[packet(id = 15)]
    struct WriteMultipleCoilsRequest {
        address: u16,
        #[packet(range = 1..=1968)]
        quantity: u16,
        #[packet(
            wire(#[packet(range = 1..=246)] byte_count: u8 = (quantity + 7) / 8),
            count = "byte_count"
        )]
        coils: Vec<u8>,
    }
}

modbus! {
    #[packet(id = 15, size = 12)]
    struct WriteMultipleCoilsResponse {
        address: u16,
        #[packet(range = 1..=1968)]
        quantity: u16,
    }
}

modbus! {
    #[packet(id = 16)]
    struct WriteMultipleRegistersRequest {
        address: u16,
        #[packet(
            wire(quantity: u16, #[packet(range = 2..=246)] byte_count: u8 = size(registers)),
            count = "quantity",
            min = 1,
            max = 123
        )]
        registers: Vec<u16>,
    }
}

modbus! {
    #[packet(id = 16, size = 12)]
    struct WriteMultipleRegistersResponse {
        address: u16,
        #[packet(range = 1..=123)]
        quantity: u16,
    }
}

modbus! {
    #[packet(id = 22, size = 14)]
    struct MaskWriteRegister {
        address: u16,
        and_mask: u16,
        or_mask: u16,
    }
}

modbus! {
    #[packet(id = 23)]
    struct ReadWriteMultipleRegistersRequest {
        read_address: u16,
        #[packet(range = 1..=125)]
        read_quantity: u16,
        write_address: u16,
        #[packet(
            wire(
                write_quantity: u16,
                #[packet(range = 2..=242)] write_byte_count: u8 = size(write_registers)
            ),
            count = "write_quantity",
            min = 1,
            max = 121
        )]
        write_registers: Vec<u16>,
    }
}

modbus! {
    #[packet(id = 23)]
    struct ReadWriteMultipleRegistersResponse {
        #[packet(wire(byte_count: u8), size = "byte_count", min = 1, max = 125)]
        registers: Vec<u16>,
    }
}

modbus! {
    #[packet(id = 0x81..=0xff, size = 9)]
    struct Exception {
        #[packet(header)]
        function: u8,
        #[packet(type = "u8")]
        code: ExceptionCode,
    }
}

const GROUPS: [&[Twin]; 2] = [
    identification::TWINS,
    twins![
        ReadCoilsRequest / ReadCoilsRequestView,
        ReadCoilsResponse / ReadCoilsResponseView<'_>,
        ReadDiscreteInputsRequest / ReadDiscreteInputsRequestView,
        ReadDiscreteInputsResponse / ReadDiscreteInputsResponseView,
        ReadHoldingRegistersRequest / ReadHoldingRegistersRequestView,
        ReadHoldingRegistersResponse / ReadHoldingRegistersResponseView,
        ReadInputRegistersRequest / ReadInputRegistersRequestView,
        ReadInputRegistersResponse / ReadInputRegistersResponseView,
        WriteSingleCoil / WriteSingleCoilView,
        WriteSingleRegister / WriteSingleRegisterView,
        WriteMultipleCoilsRequest / WriteMultipleCoilsRequestView,
        WriteMultipleCoilsResponse / WriteMultipleCoilsResponseView,
        WriteMultipleRegistersRequest / WriteMultipleRegistersRequestView,
        WriteMultipleRegistersResponse / WriteMultipleRegistersResponseView,
        MaskWriteRegister / MaskWriteRegisterView,
        ReadWriteMultipleRegistersRequest / ReadWriteMultipleRegistersRequestView,
        ReadWriteMultipleRegistersResponse / ReadWriteMultipleRegistersResponseView,
        Exception / ExceptionView,
    ],
];

#[test]
fn modbus_is_the_same() {
    compare("modbus", GROUPS.into_iter().flatten());
}

#[test]
fn every_struct_of_modbus_has_a_twin() {
    every_struct_has_a_twin("modbus", GROUPS.into_iter().flatten());
}
