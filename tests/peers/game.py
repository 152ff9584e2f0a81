"""A client of `schemas/game.yaml` that shares nothing with this project but the schema, in Python's standard library.

    game.py codec
    game.py play HOST:PORT FINGERPRINT NAME ROOM PEER...

`codec` reads a JSON object a line and answers each with one: `{"packet": NAME, "value": …}` with `{"hex": …}`, and
`{"hex": …}` with `{"packet": NAME, "value": …}`, or with `{"error": {"kind": …, "at": …}}`.

`play` registers NAME and plays: it goes into ROOM, which must be there, enters the world, and does something of each
group of packets. It waits until each PEER moved in its sight and said something in the room. It prints a line for each
packet that crossed the wire, `{"sent": NAME, "hex": …, "value": …}` or the same with `received`, and fails if anything takes
longer than it should.
"""

import asyncio
import json
import sys
import time

from game_wire import HEADER, Refused, decode, encode

VERSION = 2
PATIENCE = 30
SPAWN = {"x": 4.0, "y": 0.0, "z": 4.0}
REST = {"x": 0.0, "y": 0.0, "z": 0.0}


class Unexpected(Exception):
    """The server did something else than the protocol, or the play, has it do."""


class Session:
    """A connection: packets go out, what comes in is kept until somebody expects it."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.received = []
        self.news = asyncio.Condition()
        self.requests = 0
        self.ended = None
        self.reading = asyncio.create_task(self._read())

    def send(self, name, /, **values):
        frame = encode(name, values)
        report("sent", frame)
        self.writer.write(frame)

    async def expect(self, name, holds=lambda values: True):
        """Takes the first packet of this name for which something holds, also if it came a while ago."""
        async with self.news:
            while True:
                for index, (found, values) in enumerate(self.received):
                    if found == name and holds(values):
                        del self.received[index]
                        return values
                if self.ended:
                    raise Unexpected(f"no {name}: {self.ended}; left are {self.received}")
                await self.news.wait()

    async def request(self, name, answer, /, **values):
        """Sends a request and takes its answer, which an Error can stand in for."""
        self.requests += 1
        number = self.requests
        self.send(name, request=number, **values)
        async with self.news:
            while True:
                for index, (found, values) in enumerate(self.received):
                    if found in (answer, "Error") and values["request"] == number:
                        del self.received[index]
                        if found == "Error":
                            raise Unexpected(f"{name} was answered by {values}")
                        return values
                if self.ended:
                    raise Unexpected(f"no answer to {name}: {self.ended}")
                await self.news.wait()

    async def _read(self):
        try:
            while True:
                start = await self.reader.readexactly(HEADER.size)
                size, _ = HEADER.unpack(start)
                if size < HEADER.size:
                    raise Unexpected(f"a packet claims {size} bytes")
                frame = start + await self.reader.readexactly(size - HEADER.size)
                report("received", frame)
                await self._take(*decode(frame))
        except (OSError, Refused, Unexpected) as error:
            await self._end(f"{type(error).__name__}: {error}")
        except asyncio.IncompleteReadError as error:
            await self._end(f"closed inside a packet, {error}" if error.partial else "closed")

    async def _take(self, name, values):
        if name == "Heartbeat":
            self.send("HeartbeatReply", sequence=values["sequence"], sent_at=values["sent_at"])
            return
        async with self.news:
            self.received.append((name, values))
            self.news.notify_all()

    async def _end(self, reason):
        async with self.news:
            self.ended = reason
            self.news.notify_all()

    async def closed(self):
        """Waits until the server has closed the connection, between two packets."""
        await self.reading
        self.writer.close()
        if self.ended != "closed":
            raise Unexpected(self.ended)


def report(direction, frame):
    name, values = decode(frame)
    print(json.dumps({direction: name, "hex": frame.hex(), "value": values}), flush=True)


async def play(address, fingerprint, name, room, peers):
    host, port = address.rsplit(":", 1)
    session = Session(*await asyncio.open_connection(host, int(port)))
    await greet(session, int(fingerprint, 16))
    await log_in(session, name)
    room = await join(session, room)
    entity, seen = await enter(session, name)
    await move(session, entity, {peer: seen.get(peer) for peer in peers})
    await found(session, name)
    await talk(session, room, name, peers)
    await leave(session, room)
    await session.closed()


async def greet(session, fingerprint):
    session.send("Hello", version=VERSION, fingerprint=fingerprint, client="game.py/1")
    welcome = await session.expect("Welcome")
    if welcome["result"] != "ok":
        raise Unexpected(f"not welcome: {welcome}")
    sent_at = now()
    session.send("Heartbeat", sequence=1, sent_at=sent_at)
    await session.expect("HeartbeatReply", lambda reply: (reply["sequence"], reply["sent_at"]) == (1, sent_at))
    clock = await session.request("TimeSyncRequest", "TimeSyncResponse", client_sent_at=now())
    if clock["server_sent_at"] < clock["server_received_at"]:
        raise Unexpected(f"a clock that goes backwards: {clock}")
    echo = await session.request("EchoRequest", "EchoReply", payload="00ff")
    if echo["payload"] != "00ff":
        raise Unexpected(f"another echo: {echo}")


async def log_in(session, name):
    account = {"name": name, "password": "correct horse"}
    registered = await session.request("RegisterRequest", "RegisterResponse", **account)
    if registered["result"] != "ok":
        raise Unexpected(f"not registered: {registered}")
    response = await session.request(
        "LoginRequest",
        "LoginResponse",
        name=name,
        credential={"password": account["password"]},
        client_version=1,
        device="70" * 16,
    )
    if response["result"] != "ok":
        raise Unexpected(f"not let in: {response}")


async def join(session, name):
    rooms = await session.request("RoomListRequest", "RoomList")
    room = next((room["id"] for room in rooms["rooms"] if room["name"] == name), None)
    if room is None:
        raise Unexpected(f"no room {name}: {rooms}")
    joined = await session.request("RoomJoin", "RoomResult", room=room)
    if joined["room"] != room:
        raise Unexpected(f"in another room: {joined}")
    return room


async def enter(session, name):
    """Enters the world, and says as what, and who is there under which number."""
    entered = await session.request("EnterWorld", "WorldEntered", spawn=SPAWN)
    entity = entered["arrival"]["entity"]
    snapshot = await session.expect("WorldSnapshot")
    if not any(seen["id"] == entity and seen["name"] == name for seen in snapshot["entities"]):
        raise Unexpected(f"{name} is not in {snapshot}")
    return entity, {seen["name"]: seen["id"] for seen in snapshot["entities"]}


async def move(session, entity, peers):
    """Moves, and waits until all of `peers`, the numbers by their names, did."""
    if None in peers.values():
        raise Unexpected(f"not all are in sight: {peers}")
    place = {**SPAWN, "x": SPAWN["x"] + 1.5}
    session.send("Move", sequence=1, position=place, velocity=REST, motion=["running", "jumping"])
    still = set(peers.values())
    while still:
        moved = await session.expect("EntitiesMoved")
        still -= {each["entity"] for each in moved["moves"]}
    target = next(iter(peers.values()))
    result = await session.request("Attack", "CombatResult", target=target, skill=2)
    if (result["attacker"], result["target"]) != (entity, target):
        raise Unexpected(f"somebody else's fight: {result}")


async def found(session, name):
    founded = await session.request("GuildCreate", "GuildResult", name=f"{name}'s", tag=name)
    guilds = await session.request("GuildListRequest", "GuildList")
    if founded["guild"] not in [guild["id"] for guild in guilds["guilds"]]:
        raise Unexpected(f"guild {founded} is not in {guilds}")


async def talk(session, room, name, peers):
    session.requests += 1
    session.send("RoomMessage", request=session.requests, room=room, text=f"{name} is here 안녕")
    for sender in [name, *peers]:
        message = await session.expect("ChatMessage", lambda message: message["sender"] == sender)
        if message["scope"] != {"room": room}:
            raise Unexpected(f"not in the room: {message}")


async def leave(session, room):
    await session.request("LeaveWorld", "WorldLeft")
    await session.request("RoomLeave", "RoomResult", room=room)
    left = await session.request("Logout", "LogoutResponse", revoke_token=True)
    if not left["token_revoked"]:
        raise Unexpected(f"the token is still good: {left}")


def now():
    return time.monotonic_ns() // 1000


def answer(line):
    try:
        if "packet" in line:
            return {"hex": encode(line["packet"], line["value"]).hex()}
        name, values = decode(bytes.fromhex(line["hex"]))
        return {"packet": name, "value": values}
    except Refused as refused:
        return {"error": {"kind": refused.kind, "at": refused.at}}


def main(arguments):
    match arguments:
        case ["codec"]:
            for line in sys.stdin:
                print(json.dumps(answer(json.loads(line))), flush=True)
        case ["play", address, fingerprint, name, room, *peers] if peers:
            asyncio.run(asyncio.wait_for(play(address, fingerprint, name, room, peers), PATIENCE))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
