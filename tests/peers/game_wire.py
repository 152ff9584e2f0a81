"""The packets of `schemas/game.yaml`, version 2, by `struct` of Python's standard library.

In: bytes or values. Out: values or bytes, or `Refused`. It was written from the schema and from docs/language.md, and not
from code that was generated, so that two readers of the same schema can be compared. Values look as `packetc` shows them in
JSON. The kinds of packets stand at the end; what they are made of stands in front.
"""

import math
import struct

MAX_SIZE = 65535
HEADER = struct.Struct(">HH")


class Refused(Exception):
    """A value or bytes that the protocol does not allow: a kind of docs/language.md, and the path of the field."""

    def __init__(self, kind, at=None):
        super().__init__(f"{kind} at {at}" if at else kind)
        self.kind = kind
        self.at = at


class Input:
    """Bytes that are read from the front."""

    def __init__(self, data):
        self.data = data
        self.position = 0

    @property
    def left(self):
        return len(self.data) - self.position

    def take(self, count, at):
        if count > self.left:
            raise Refused("truncated", at)
        self.position += count
        return self.data[self.position - count : self.position]


# Each type has `least`, the fewest bytes that it takes, `read(input, at)` and `write(value, at)`.


class Number:
    def __init__(self, code, low=None, high=None):
        self.format = struct.Struct(">" + code)
        self.least = self.format.size
        self.low = 0 if low is None else low
        self.high = (1 << 8 * self.least) - 1 if high is None else high

    def read(self, input, at):
        (value,) = self.format.unpack(input.take(self.least, at))
        return self.judge(value, at)

    def write(self, value, at):
        return self.format.pack(self.judge(value, at))

    def judge(self, value, at):
        if not self.low <= value <= self.high:
            raise Refused("out_of_range", at)
        return value


class Float:
    """A number of 32 bits that is neither infinite nor no number."""

    format = struct.Struct(">f")
    least = 4

    def read(self, input, at):
        (value,) = self.format.unpack(input.take(self.least, at))
        return self.judge(value, at)

    def write(self, value, at):
        return self.format.pack(self.judge(value, at))

    def judge(self, value, at):
        if not math.isfinite(value):
            raise Refused("not_finite", at)
        return value


class Bool:
    least = 1

    def read(self, input, at):
        value = input.take(1, at)[0]
        if value > 1:
            raise Refused("unknown_value", at)
        return value == 1

    def write(self, value, at):
        return b"\x01" if value else b"\x00"


class Enum:
    """A byte with names. A number without one stays a number if the enum is open, and is refused if it is not."""

    least = 1

    def __init__(self, *names, first=0, open=True):
        self.names = dict(enumerate(names, first))
        self.numbers = {name: number for number, name in self.names.items()}
        self.open = open

    def read(self, input, at):
        number = input.take(1, at)[0]
        if number not in self.names and not self.open:
            raise Refused("unknown_value", at)
        return self.names.get(number, number)

    def write(self, value, at):
        number = self.numbers.get(value, value)
        if not isinstance(number, int) or (number not in self.names and not self.open):
            raise Refused("unknown_value", at)
        return bytes([number])


class Flags:
    """A byte of named bits, of which those without a name are refused."""

    least = 1

    def __init__(self, *names):
        self.names = names

    def read(self, input, at):
        number = input.take(1, at)[0]
        if number >> len(self.names):
            raise Refused("unknown_value", at)
        return [name for bit, name in enumerate(self.names) if number >> bit & 1]

    def write(self, value, at):
        return bytes([sum(1 << self.names.index(name) for name in set(value))])


class Bytes:
    """Bytes behind their length, or a fixed number of them; written as hexadecimal digits."""

    def __init__(self, prefix=None, low=0, high=0):
        self.prefix = prefix and Number(prefix)
        self.low, self.high = low, high
        self.least = low + (self.prefix.least if prefix else 0)

    def read(self, input, at):
        length = self.prefix.read(input, at) if self.prefix else self.high
        return self.from_bytes(input.take(self.judge(length, at), at), at)

    def write(self, value, at):
        data = self.to_bytes(value)
        self.judge(len(data), at)
        return (self.prefix.write(len(data), at) if self.prefix else b"") + data

    def judge(self, length, at):
        if not self.low <= length <= self.high:
            raise Refused("out_of_range", at)
        return length

    def from_bytes(self, data, at):
        return data.hex()

    def to_bytes(self, value):
        return bytes.fromhex(value)


class Text(Bytes):
    """UTF-8 behind its length."""

    def from_bytes(self, data, at):
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise Refused("invalid_text", at) from None

    def to_bytes(self, value):
        return value.encode()


class List:
    """Elements behind their number, which has to be true of the bytes that are left before anything is made of it."""

    def __init__(self, prefix, element, high):
        self.prefix = Number(prefix)
        self.element = element
        self.high = high
        self.least = self.prefix.least

    def read(self, input, at):
        count = self.judge(self.prefix.read(input, at), at)
        if count * self.element.least > input.left:
            raise Refused("truncated", at)
        return [self.element.read(input, f"{at}[{index}]") for index in range(count)]

    def write(self, value, at):
        elements = [self.element.write(element, f"{at}[{index}]") for index, element in enumerate(value)]
        return self.prefix.write(self.judge(len(elements), at), at) + b"".join(elements)

    def judge(self, count, at):
        if count > self.high:
            raise Refused("out_of_range", at)
        return count


class Variant:
    """One of several types, chosen by an earlier field: an object with the case's name."""

    def __init__(self, tag, **cases):
        self.tag = tag
        self.cases = cases
        self.least = min(case.least for case in cases.values())

    def read(self, input, at, case):
        return {case: self.cases[case].read(input, f"{at}.{case}")}

    def write(self, value, at):
        ((case, content),) = value.items()
        if case not in self.cases:
            raise Refused("case_mismatch", at)
        return self.cases[case].write(content, f"{at}.{case}")


class Field:
    """A field of a struct. `when` says by the fields in front of it whether it is there; `derive` computes it from the
    struct's values where they leave it out, and `default` is for those who leave out the rest."""

    def __init__(self, name, type, when=None, derive=None, default=None):
        self.name, self.type = name, type
        self.when, self.derive, self.default = when, derive, default

    def value(self, values):
        given = values.get(self.name)
        if self.derive is None:
            return self.default if given is None else given
        derived = self.derive(values)
        if given is not None and given != derived:
            raise Refused("derived", self.name)
        return derived


class Struct:
    def __init__(self, *fields):
        self.fields = [field if isinstance(field, Field) else Field(*field) for field in fields]
        self.least = sum(field.type.least for field in self.fields if not field.when)

    def read(self, input, at=None):
        values = {}
        for field in self.fields:
            path = f"{at}.{field.name}" if at else field.name
            if field.when and not field.when(values):
                values[field.name] = None
            elif isinstance(field.type, Variant):
                values[field.name] = field.type.read(input, path, values[field.type.tag])
            else:
                values[field.name] = field.type.read(input, path)
        return values

    def write(self, values, at=None):
        unknown = values.keys() - {field.name for field in self.fields}
        if unknown:
            raise Refused("unknown_field", min(unknown))
        parts = []
        known = dict(values)
        for field in self.fields:
            path = f"{at}.{field.name}" if at else field.name
            value = known[field.name] = field.value(values)
            present = not field.when or field.when(known)
            if field.when and present != (value is not None):
                raise Refused("presence_mismatch", path)
            if present and value is None:
                raise Refused("missing", path)
            if present:
                parts.append(field.type.write(value, path))
        return b"".join(parts)


def encode(name, values):
    """The bytes of a packet, header and all. Who gives the header's `size` and `id` has to give the right ones."""
    id, body = IDS[name], PACKETS[IDS[name]][1]
    values = dict(values)
    header = {key: values.pop(key) for key in ("size", "id") if key in values}
    content = body.write(values)
    size = HEADER.size + len(content)
    if size > MAX_SIZE:
        raise Refused("out_of_range", "size")
    for key, value in header.items():
        if value != {"size": size, "id": id}[key]:
            raise Refused("derived", key)
    return HEADER.pack(size, id) + content


def decode(frame):
    """The name and the values of a packet, with those of its header."""
    input = Input(frame)
    size, id = NUMBERS["u16"].read(input, "size"), NUMBERS["u16"].read(input, "id")
    if id not in PACKETS:
        raise Refused("unknown_value", "id")
    name, body = PACKETS[id]
    values = {"size": size, "id": id, **body.read(input)}
    if size != len(frame):
        raise Refused("size_mismatch", "size")
    if input.left:
        raise Refused("trailing")
    return name, values


# The types of the schema, in its order

NUMBERS = {"u8": Number("B"), "u16": Number("H"), "u32": Number("I"), "u64": Number("Q")}
U8, U16, U32, U64 = NUMBERS.values()
BOOL = Bool()

REQUEST_ID = Number("I", 1)
MICROSECONDS = U64
NAME = Text("B", 1, 32)
GUILD_TAG = Text("B", 2, 12)
CHAT_TEXT = Text("H", 1, 512)
PASSWORD = Text("B", 1, 128)
NOTE = Text("B", 0, 255)
TOKEN = Bytes(None, 32, 32)
DEVICE_ID = Bytes(None, 16, 16)

WELCOME_RESULT = Enum("ok", "incompatible_schema", "unsupported_version", "server_full", "shutting_down")
NOTICE_LEVEL = Enum("info", "warning", "urgent")
KICK_REASON = Enum(
    "idle", "slow", "flooding", "protocol_violation", "logged_in_elsewhere", "shutting_down", "by_operator", first=1
)
ERROR_CODE = Enum(
    "internal",
    "malformed",
    "not_allowed_now",
    "unknown_packet",
    "rate_limited",
    "too_large",
    "permission_denied",
    "not_found",
    "already_exists",
    "full",
    "unavailable",
    "invalid_argument",
)
REGISTER_RESULT = Enum("ok", "name_taken", "name_not_allowed", "weak_password", "closed", "unavailable")
LOGIN_RESULT = Enum(
    "ok", "bad_credentials", "already_online", "server_full", "unsupported_version", "expired_token", "unavailable"
)
RESUME_RESULT = Enum("ok", "unknown_token", "expired_token", "wrong_device", "server_full", "unavailable")
CREDENTIAL_KIND = Enum("password", "token", open=False)
SESSION_GRANT = Struct(("token", TOKEN), ("token_lifetime_seconds", U32), ("player", U32))
SERVER_INFO = Struct(
    ("id", U16),
    ("name", NAME),
    ("address", Text("B", 1, 253)),
    ("port", Number("H", 1)),
    ("players", U16),
    ("capacity", U16),
    ("load", Number("B", 0, 100)),
)

COORDINATE = Float()
VEC3 = Struct(("x", COORDINATE), ("y", COORDINATE), ("z", COORDINATE))
MOTION = Flags("running", "jumping", "crouching", "swimming")
ENTITY = Struct(
    ("id", U32),
    ("kind", Enum("player", "monster", "npc", "item")),
    ("position", VEC3),
    ("velocity", VEC3),
    ("motion", MOTION),
    ("health", U16),
    ("name", Text("B", 0, 32)),
)
ENTITY_MOTION = Struct(("entity", U32), ("position", VEC3), ("velocity", VEC3), ("motion", MOTION))
ARRIVAL = Struct(("entity", U32), ("position", VEC3), ("tick_hz", Number("B", 1)), ("view_distance", COORDINATE))
LEFT_REASON = Enum("out_of_sight", "left_world", "died", "taken")
COMBAT_OUTCOME = Enum("hit", "critical", "missed", "blocked", "killed")

GUILD_INFO = Struct(
    ("id", U32), ("name", NAME), ("tag", GUILD_TAG), ("members", U16), ("at_war_with", List("B", U32, 8))
)
ROOM_INFO = Struct(("id", U32), ("name", NAME), ("members", U16))
CHANNEL = Enum("nearby", "whisper", "room", "broadcast", open=False)


def is_ok(values):
    return values["result"] == "ok"


def is_in_world(values):
    return values["in_world"]


def case_of(field):
    """A tag, by the case of the variant that it is for."""
    return lambda values: next(iter(values[field]))


def presence_of(field):
    """A flag that says whether a field is there."""
    return lambda values: values.get(field) is not None


REQUEST = ("request", REQUEST_ID)
MESSAGE = Field("message", NOTE, default="")

PACKETS = {
    # auth
    1000: (
        "LoginRequest",
        Struct(
            REQUEST,
            ("name", NAME),
            Field("credential_kind", CREDENTIAL_KIND, derive=case_of("credential")),
            ("credential", Variant("credential_kind", password=PASSWORD, token=TOKEN)),
            ("client_version", U32),
            ("device", DEVICE_ID),
        ),
    ),
    1001: (
        "LoginResponse",
        Struct(
            REQUEST,
            ("result", LOGIN_RESULT),
            MESSAGE,
            Field("session", SESSION_GRANT, when=is_ok),
            ("servers", List("B", SERVER_INFO, 64)),
        ),
    ),
    1002: ("RegisterRequest", Struct(REQUEST, ("name", NAME), ("password", PASSWORD))),
    1003: ("RegisterResponse", Struct(REQUEST, ("result", REGISTER_RESULT))),
    1004: ("ResumeRequest", Struct(REQUEST, ("token", TOKEN), ("device", DEVICE_ID))),
    1005: (
        "ResumeResponse",
        Struct(
            REQUEST,
            ("result", RESUME_RESULT),
            Field("in_world", BOOL, derive=presence_of("arrival")),
            Field("session", SESSION_GRANT, when=is_ok),
            Field("arrival", ARRIVAL, when=is_in_world),
        ),
    ),
    1006: ("Logout", Struct(REQUEST, ("revoke_token", BOOL))),
    1007: ("LogoutResponse", Struct(REQUEST, ("token_revoked", BOOL))),
    # game
    2000: (
        "EnterWorld",
        Struct(
            REQUEST,
            Field("has_spawn", BOOL, derive=presence_of("spawn")),
            Field("spawn", VEC3, when=lambda values: values["has_spawn"]),
        ),
    ),
    2001: ("WorldEntered", Struct(REQUEST, ("arrival", ARRIVAL))),
    2002: ("Move", Struct(("sequence", U32), ("position", VEC3), ("velocity", VEC3), ("motion", MOTION))),
    2003: ("EntitiesMoved", Struct(("tick", U32), ("moves", List("H", ENTITY_MOTION, 2250)))),
    2004: ("MoveRejected", Struct(("sequence", U32), ("position", VEC3))),
    2005: ("WorldSnapshot", Struct(("tick", U32), ("more", BOOL), ("entities", List("H", ENTITY, 1000)))),
    2006: ("EntityEntered", Struct(("entity", ENTITY))),
    2007: ("EntityLeft", Struct(("entity", U32), ("reason", LEFT_REASON))),
    2008: ("Attack", Struct(REQUEST, ("target", U32), ("skill", U16))),
    2009: (
        "CombatResult",
        Struct(
            ("request", U32),
            ("attacker", U32),
            ("target", U32),
            ("skill", U16),
            ("outcome", COMBAT_OUTCOME),
            ("damage", U16),
            ("target_health", U16),
        ),
    ),
    2010: ("LeaveWorld", Struct(REQUEST)),
    2011: ("WorldLeft", Struct(REQUEST)),
    # guild
    3000: ("GuildCreate", Struct(REQUEST, ("name", NAME), ("tag", GUILD_TAG))),
    3001: ("GuildInvite", Struct(REQUEST, ("player", NAME))),
    3002: ("GuildInvited", Struct(("guild", U32), ("name", NAME), ("by", NAME))),
    3003: ("GuildJoin", Struct(REQUEST, ("guild", U32))),
    3004: ("GuildLeave", Struct(REQUEST)),
    3005: ("GuildListRequest", Struct(REQUEST, Field("after", U32, default=0))),
    3006: ("GuildList", Struct(REQUEST, ("more", BOOL), ("guilds", List("H", GUILD_INFO, 500)))),
    3007: ("GuildWarStart", Struct(REQUEST, ("guild", U32))),
    3008: ("GuildWarEnd", Struct(REQUEST, ("guild", U32))),
    3009: ("GuildWar", Struct(("event", Enum("started", "ended")), ("attacker", U32), ("defender", U32))),
    3010: ("GuildResult", Struct(REQUEST, ("guild", U32))),
    # chat
    4000: ("Say", Struct(REQUEST, ("text", CHAT_TEXT))),
    4001: (
        "ChatMessage",
        Struct(
            Field("channel", CHANNEL, derive=case_of("scope")),
            ("scope", Variant("channel", nearby=U32, whisper=NAME, room=U32, broadcast=Bytes())),
            ("sender", NAME),
            ("text", CHAT_TEXT),
        ),
    ),
    4002: ("Whisper", Struct(REQUEST, ("recipient", NAME), ("text", CHAT_TEXT))),
    4003: ("Broadcast", Struct(REQUEST, ("text", CHAT_TEXT))),
    4010: ("RoomCreate", Struct(REQUEST, ("name", NAME))),
    4011: ("RoomJoin", Struct(REQUEST, ("room", U32))),
    4012: ("RoomLeave", Struct(REQUEST, ("room", U32))),
    4013: ("RoomListRequest", Struct(REQUEST, Field("after", U32, default=0))),
    4014: ("RoomList", Struct(REQUEST, ("more", BOOL), ("rooms", List("H", ROOM_INFO, 1000)))),
    4015: ("RoomMessage", Struct(REQUEST, ("room", U32), ("text", CHAT_TEXT))),
    4016: ("RoomResult", Struct(REQUEST, ("room", U32))),
    4017: ("RoomEvent", Struct(("room", U32), ("change", Enum("joined", "left")), ("player", NAME))),
    # system
    5000: ("Heartbeat", Struct(("sequence", U32), ("sent_at", MICROSECONDS), Field("rtt", U32, default=0))),
    5001: ("HeartbeatReply", Struct(("sequence", U32), ("sent_at", MICROSECONDS))),
    5002: ("Hello", Struct(("version", U16), ("fingerprint", U64), ("client", Text("B", 1, 64)))),
    5003: (
        "Welcome",
        Struct(
            ("result", WELCOME_RESULT),
            ("version", U16),
            ("fingerprint", U64),
            ("server", Text("B", 1, 64)),
            ("heartbeat_seconds", Number("H", 1, 3600)),
        ),
    ),
    5004: ("TimeSyncRequest", Struct(REQUEST, ("client_sent_at", MICROSECONDS))),
    5005: (
        "TimeSyncResponse",
        Struct(
            REQUEST,
            ("client_sent_at", MICROSECONDS),
            ("server_received_at", MICROSECONDS),
            ("server_sent_at", MICROSECONDS),
        ),
    ),
    5006: ("EchoRequest", Struct(REQUEST, ("payload", Bytes("H", 0, 32768)))),
    5007: ("EchoReply", Struct(REQUEST, ("payload", Bytes("H", 0, 32768)))),
    5010: ("ServerNotice", Struct(("level", NOTICE_LEVEL), ("text", Text("H", 1, 512)))),
    5011: ("KickNotice", Struct(("reason", KICK_REASON), Field("text", NOTE, default=""))),
    5012: ("Error", Struct(("request", U32), ("packet", U16), ("code", ERROR_CODE), Field("text", NOTE, default=""))),
}

IDS = {name: id for id, (name, _) in PACKETS.items()}
