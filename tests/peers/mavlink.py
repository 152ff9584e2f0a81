"""Records MAVLink 1 and 2 between pymavlink as a ground station (the client) and as a vehicle (the server).

Needs: Python 3.11, `pymavlink` 2.4 from PyPI.
"""

import os
import platform
import sys
import threading
from importlib.metadata import version

from recorder import Recorder, free_port


def vehicle(port, dialect, signing, ready):
    """Answers one ground station."""
    from pymavlink import mavutil

    link = mavutil.mavlink_connection(f"tcpin:127.0.0.1:{port}", source_system=1, source_component=1)
    ready.set()
    if signing:
        sign(link)
    while True:
        message = link.recv_match(blocking=True, timeout=10)
        kind = message.get_type()
        if kind == "HEARTBEAT":
            link.mav.heartbeat_send(
                dialect.MAV_TYPE_QUADROTOR, dialect.MAV_AUTOPILOT_PX4,
                dialect.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED | dialect.MAV_MODE_FLAG_SAFETY_ARMED, 0x01020304,
                dialect.MAV_STATE_ACTIVE,
            )
            sensors = dialect.MAV_SYS_STATUS_SENSOR_3D_GYRO | dialect.MAV_SYS_STATUS_SENSOR_GPS
            link.mav.sys_status_send(sensors, sensors, dialect.MAV_SYS_STATUS_SENSOR_GPS, 250, 12600, 1530, 87, 3, 1, 0, 0, 0, 0)
            link.mav.attitude_send(123456, 0.125, -0.5, 1.5, 0.0, -0.25, 0.0625)
            link.mav.global_position_int_send(123466, 473977418, 85455938, 488000, 10000, -120, 250, -3, 27000)
            link.mav.statustext_send(dialect.MAV_SEVERITY_WARNING, b"Low battery")
        elif kind == "PARAM_REQUEST_READ":
            link.mav.param_value_send(message.param_id.encode(), 1.5, dialect.MAV_PARAM_TYPE_REAL32, 320, 17)
            # A name of 16 characters has no NUL behind it.
            link.mav.param_value_send(b"ABCDEFGHIJKLMNOP", -0.0, dialect.MAV_PARAM_TYPE_REAL32, 320, 18)
        elif kind == "COMMAND_LONG":
            link.mav.command_ack_send(message.command, dialect.MAV_RESULT_ACCEPTED)
            link.mav.command_ack_send(dialect.MAV_CMD_NAV_TAKEOFF, dialect.MAV_RESULT_DENIED)
            link.close()
            return


def sign(link):
    link.setup_signing(bytes(range(32)), sign_outgoing=True, initial_timestamp=0x0123456789)


def expect(link, kind):
    message = link.recv_match(type=kind, blocking=True, timeout=10)
    assert message, kind


def record(file, number, signing=False):
    os.environ.pop("MAVLINK20", None)
    if number == 2:
        os.environ["MAVLINK20"] = "1"
    from pymavlink import mavutil

    mavutil.set_dialect("common")
    dialect = mavutil.mavlink
    port = free_port()
    ready = threading.Event()
    thread = threading.Thread(target=vehicle, args=(port, dialect, signing, ready))
    thread.start()
    assert ready.wait(10)
    recorder = Recorder(port)
    recorder.name("ground station and vehicle" + (", signed" if signing else ""))
    link = mavutil.mavlink_connection(f"tcp:127.0.0.1:{recorder.port}", source_system=255, source_component=190)
    if signing:
        sign(link)
    link.mav.heartbeat_send(dialect.MAV_TYPE_GCS, dialect.MAV_AUTOPILOT_INVALID, 0, 0, dialect.MAV_STATE_ACTIVE)
    expect(link, "STATUSTEXT")
    link.mav.param_request_read_send(1, 1, b"MPC_XY_CRUISE", -1)
    expect(link, "PARAM_VALUE")
    expect(link, "PARAM_VALUE")
    link.mav.command_long_send(1, 1, dialect.MAV_CMD_COMPONENT_ARM_DISARM, 0, 1, 0, 0, 0, 0, 0, 0)
    expect(link, "COMMAND_ACK")
    expect(link, "COMMAND_ACK")
    link.close()
    thread.join()
    recorder.drain()
    recorder.write(
        file,
        [
            f"MAVLink {number}{', signed' if signing else ''}, recorded on loopback by tests/peers/mavlink.py",
            f"both: pymavlink {version('pymavlink')}, dialect common, on Python {platform.python_version()};"
            " the client is the ground station",
        ],
    )


def main():
    # pymavlink takes up the second version as soon as it is met, so that each has a process of its own.
    if len(sys.argv) > 1:
        file, number, signing = sys.argv[1:]
        record(file, int(number), signing == "signed")
        return
    for arguments in (["mavlink1.txt", "1", "-"], ["mavlink2.txt", "2", "-"], ["mavlink2-signed.txt", "2", "signed"]):
        process = os.spawnv(os.P_WAIT, sys.executable, [sys.executable, __file__, *arguments])
        assert process == 0, arguments


if __name__ == "__main__":
    main()
