"""Records MQTT 3.1.1 between paho-mqtt's client and a mosquitto broker.

Needs: Python 3.11, `paho-mqtt` 2 from PyPI; `mosquitto` and `mosquitto_passwd` of Debian's package `mosquitto`.
"""

import platform
import re
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import paho.mqtt
import paho.mqtt.client as mqtt

from recorder import Recorder, free_port, wait_for


class Peer:
    """A client whose steps wait until they are acknowledged."""

    def __init__(self, recorder, name, client_id, clean=True, user="ada", password="secret", manual_ack=False):
        recorder.name(name)
        self.messages = []
        self._events = {}
        self.client = mqtt.Client(
            mqtt.CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=clean,
            protocol=mqtt.MQTTv311,
            manual_ack=manual_ack,
            reconnect_on_failure=False,
        )
        if user:
            self.client.username_pw_set(user, password)
        self.client.on_connect = lambda *_: self._event("connected").set()
        self.client.on_subscribe = lambda *_: self._event("subscribed").set()
        self.client.on_unsubscribe = lambda *_: self._event("unsubscribed").set()
        self.client.on_message = lambda _client, _data, message: self.messages.append(message)
        self.port = recorder.port

    def _event(self, name):
        return self._events.setdefault(name, threading.Event())

    def _wait(self, name):
        assert self._event(name).wait(10), name
        self._event(name).clear()

    def connect(self, keepalive=60):
        self.client.connect("127.0.0.1", self.port, keepalive=keepalive)
        self.client.loop_start()
        self._wait("connected")
        return self

    def subscribe(self, *topics):
        self.client.subscribe(list(topics))
        self._wait("subscribed")

    def unsubscribe(self, *topics):
        self.client.unsubscribe(list(topics))
        self._wait("unsubscribed")

    def publish(self, topic, payload, qos, retain=False):
        self.client.publish(topic, payload, qos=qos, retain=retain).wait_for_publish(10)

    def receive(self, count):
        deadline = time.monotonic() + 10
        while len(self.messages) < count:
            assert time.monotonic() < deadline, f"{len(self.messages)} of {count} messages"
            time.sleep(0.02)
        # The acknowledgements of the last message follow.
        time.sleep(0.3)

    def disconnect(self):
        self.client.disconnect()
        self.client.loop_stop()

    def break_off(self):
        """Goes without a word."""
        self.client.loop_stop()
        self.client.socket().close()


def main():
    version = subprocess.run(["mosquitto", "-h"], capture_output=True, text=True).stdout
    version = re.search(r"mosquitto version (\S+)", version).group(1)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        folder.chmod(0o755)
        passwords = folder / "passwords"
        passwords.touch(0o644)
        subprocess.run(["mosquitto_passwd", "-b", passwords, "ada", "secret"], check=True)
        upstream = free_port()
        config = folder / "mosquitto.conf"
        config.write_text(f"listener {upstream} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\n")
        broker = subprocess.Popen(["mosquitto", "-c", config], stderr=subprocess.DEVNULL)
        try:
            wait_for(upstream)
            recorder = Recorder(upstream)
            record(recorder)
        finally:
            broker.terminate()
            broker.wait()
    recorder.write(
        "mqtt.txt",
        [
            "MQTT 3.1.1, recorded on loopback by tests/peers/mqtt.py",
            f"client: paho-mqtt {paho.mqtt.__version__} on Python {platform.python_version()}; server: mosquitto {version}",
        ],
    )


def record(recorder):
    publisher = Peer(recorder, "publisher with a will", "publisher")
    publisher.client.will_set("status/publisher", b"gone", qos=1, retain=True)
    publisher.connect(keepalive=30)
    publisher.publish("cellar/temperature", b"21.5", 0)
    publisher.publish("cellar/temperature", b"21.6", 1)
    publisher.publish("cellar/temperature", b"21.7", 2, retain=True)
    publisher.publish("cellar/empty", b"", 0)
    publisher.publish("cellar/log", bytes(range(200)), 1)
    publisher.publish("cellar/image", b"x" * 16400, 0)

    subscriber = Peer(recorder, "subscriber", "subscriber", user="ada").connect()
    subscriber.subscribe(("cellar/temperature", 2), ("status/#", 1), ("cellar/+", 0))
    subscriber.receive(1)
    publisher.publish("cellar/temperature", b"22.0", 2)
    publisher.publish("status/other", b"\xc3\xa9t\xc3\xa9", 1)
    subscriber.receive(3)
    publisher.break_off()
    subscriber.receive(4)
    subscriber.unsubscribe("status/#", "cellar/+")
    subscriber.disconnect()

    pinging = Peer(recorder, "keepalive of one second", "pinging").connect(keepalive=1)
    time.sleep(2.5)
    pinging.disconnect()

    refused = Peer(recorder, "refused", "refused", password="wrong").connect()
    refused.client.loop_stop()
    Peer(recorder, "no name and no identifier", "", user=None).connect().client.loop_stop()

    kept = Peer(recorder, "session that is kept", "kept", clean=False, manual_ack=True).connect()
    kept.subscribe(("jobs", 1))
    sender = Peer(recorder, "sender", "sender").connect()
    sender.publish("jobs", b"first", 1)
    kept.receive(1)
    kept.break_off()
    time.sleep(0.3)
    sender.publish("jobs", b"second", 1)
    sender.disconnect()
    again = Peer(recorder, "session goes on", "kept", clean=False).connect()
    again.receive(2)
    again.disconnect()
    recorder.drain()


if __name__ == "__main__":
    main()
