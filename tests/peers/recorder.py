"""A TCP proxy on loopback that keeps what both sides send, and the text in which it is stored.

One line is what one read gave: `client` or `server`, who sent it, and its bytes as hexadecimal digits. A read may end
in the middle of a frame or hold several. `connection NAME` begins another connection; `#` begins a comment. Lines of
one connection stand in the order in which the bytes came through.
"""

import socket
import threading
import time
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "peers"


class Recorder:
    """Passes what comes in at `port` on to `upstream`, and back, and keeps it."""

    def __init__(self, upstream):
        self.connections = []
        self._upstream = upstream
        self._name = None
        self._lock = threading.Lock()
        self._open = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def name(self, name):
        """What the next connection shall be called."""
        self._name = name

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(("127.0.0.1", self._upstream))
            for side in (client, server):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            reads = []
            with self._lock:
                self.connections.append((self._name, reads))
                self._open += 2
            for sender, source, sink in (("client", client, server), ("server", server, client)):
                threading.Thread(target=self._pass, args=(sender, source, sink, reads), daemon=True).start()

    def _pass(self, sender, source, sink, reads):
        try:
            while data := source.recv(4096):
                with self._lock:
                    reads.append((sender, data))
                sink.sendall(data)
        except OSError:
            pass
        try:
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        with self._lock:
            self._open -= 1

    def drain(self):
        """Waits until all connections are closed."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with self._lock:
                if self._open == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("a connection is still open")

    def write(self, file, comments):
        """Writes everything to `tests/data/peers/FILE`, below a header of comments."""
        lines = [f"# {comment}" for comment in comments]
        for name, reads in self.connections:
            if not reads:
                continue
            lines.append(f"connection {name}")
            lines += [f"{sender} {data.hex()}" for sender, data in reads]
        DATA.mkdir(parents=True, exist_ok=True)
        (DATA / file).write_text("\n".join(lines) + "\n")


def free_port():
    """A port of loopback that nobody listens at now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(port):
    """Waits until somebody listens at a port."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nobody listens at port {port}")
