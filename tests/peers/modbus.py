"""Records Modbus/TCP between pymodbus' client and pymodbus' server.

Needs: Python 3.11, `pymodbus` 3.16 from PyPI.
"""

import asyncio
import platform
import threading

import pymodbus
from pymodbus.client import ModbusTcpClient
from pymodbus.constants import ExcCodes
from pymodbus.pdu import ExceptionResponse, ModbusPDU
from pymodbus.pdu.device import ModbusDeviceIdentification
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from recorder import Recorder, free_port, wait_for


class UserFunction(ModbusPDU):
    """A function of the codes that are left to users, which the server refuses.

    To a code that it knows nothing of, pymodbus answers with an exception of function 0.
    """

    function_code = 0x41
    rtu_frame_size = 8

    def encode(self):
        return b"\x00\x01"

    async def datastore_update(self, context, device_id):
        return ExceptionResponse(self.function_code, ExcCodes.ILLEGAL_FUNCTION, device_id=device_id)


def serve(port):
    identity = ModbusDeviceIdentification(
        info_name={
            "VendorName": "Example Works",
            "ProductCode": "EX-7",
            "MajorMinorRevision": "3.2",
            "VendorUrl": "http://example.org",
            "ProductName": "Pump",
            "ModelName": "Small pump",
            "UserApplicationName": "Cellar",
        }
    )
    device = SimDevice(
        id=17,
        simdata=(
            [SimData(0, values=[True, False, True, True, False, False, True, False] * 5, datatype=DataType.BITS)],
            [SimData(0, values=[False, True] * 12, datatype=DataType.BITS)],
            [SimData(0, values=[555, 0, 100, 0xFFFF, 18, 7, 8, 9] + [0] * 120, datatype=DataType.REGISTERS)],
            [SimData(0, values=[10, 20, 30, 40], datatype=DataType.REGISTERS)],
        ),
        identity=identity,
    )

    async def run():
        address = ("127.0.0.1", port)
        await ModbusTcpServer(device, identity=identity, address=address, custom_pdu=[UserFunction]).serve_forever()

    threading.Thread(target=lambda: asyncio.run(run()), daemon=True).start()
    wait_for(port)


def main():
    upstream = free_port()
    serve(upstream)
    recorder = Recorder(upstream)
    recorder.name("all functions")
    client = ModbusTcpClient("127.0.0.1", port=recorder.port, timeout=3)
    client.register(UserFunction)
    assert client.connect()
    unit = {"device_id": 17}
    answers = [
        client.read_coils(0, count=10, **unit),
        client.read_discrete_inputs(2, count=19, **unit),
        client.read_holding_registers(0, count=4, **unit),
        client.read_input_registers(1, count=2, **unit),
        client.write_coil(3, False, **unit),
        client.write_coil(4, True, **unit),
        client.write_register(1, 3, **unit),
        client.write_coils(8, [True, False, True, True, False, False, True, True, True, False], **unit),
        client.write_registers(4, [10, 258], **unit),
        client.mask_write_register(address=4, and_mask=0x00F2, or_mask=0x0025, **unit),
        client.readwrite_registers(read_address=3, read_count=4, write_address=10, values=[255, 254, 253], **unit),
        client.read_holding_registers(0, count=125, **unit),
        client.read_device_information(read_code=1, object_id=0, **unit),
        client.read_device_information(read_code=2, object_id=0, **unit),
        client.read_device_information(read_code=4, object_id=1, **unit),
    ]
    for answer in answers:
        assert not answer.isError(), answer
    refused = [
        client.read_holding_registers(500, count=2, **unit),
        client.read_coils(1000, count=1, **unit),
        client.write_register(600, 1, **unit),
        client.execute(False, UserFunction(dev_id=17)),
    ]
    for answer in refused:
        assert answer.isError(), answer
    client.close()
    recorder.drain()
    recorder.write(
        "modbus.txt",
        [
            "Modbus/TCP, recorded on loopback by tests/peers/modbus.py",
            f"client and server: pymodbus {pymodbus.__version__} on Python {platform.python_version()}",
        ],
    )


if __name__ == "__main__":
    main()
