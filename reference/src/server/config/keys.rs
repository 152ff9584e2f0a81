//! What each setting means: the text of `--help` and of `--print-config`.

/// A setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it stands in the file: table, dot, name.
    pub path: &'static str,
    /// A short flag's name besides the one that follows from the path.
    pub alias: Option<&'static str>,
    /// What it does.
    pub doc: &'static str,
}

impl Key {
    /// The flag without its dashes: `listen.no_delay` is `listen-no-delay`.
    pub fn flag(&self) -> String {
        self.path.replace(['.', '_'], "-")
    }

    /// The variable: `listen.no_delay` is `PACKET_SERVER_LISTEN_NO_DELAY`.
    pub fn variable(&self) -> String {
        format!("{VARIABLES}{}", self.path.replace('.', "_").to_uppercase())
    }
}

/// What the names of all variables begin with.
pub const VARIABLES: &str = "PACKET_SERVER_";

const fn key(path: &'static str, doc: &'static str) -> Key {
    Key {
        path,
        alias: None,
        doc,
    }
}

const fn short(path: &'static str, alias: &'static str, doc: &'static str) -> Key {
    Key {
        path,
        alias: Some(alias),
        doc,
    }
}

/// All settings, in the order in which they are shown.
pub const KEYS: &[Key] = &[
    short(
        "listen.address",
        "address",
        "Address and port to listen on; port 0 is any free one",
    ),
    key(
        "listen.public_address",
        "Host and port that a login tells clients as the server's, if they reach it by another address than its own; empty is the one that each reached",
    ),
    key(
        "listen.backlog",
        "Connections that may wait to be accepted; the system may allow fewer",
    ),
    key(
        "listen.reuse_address",
        "Listen though connections of an earlier server are still being forgotten by the system",
    ),
    key(
        "listen.no_delay",
        "Send small packets at once instead of waiting for more",
    ),
    key(
        "listen.keep_alive",
        "After how much silence the system asks whether a client is still there; or off",
    ),
    key(
        "listen.linger",
        "How long the system tries to send what is left when a connection is closed, 0s drops it; off is the system's own way",
    ),
    key(
        "listen.send_buffer",
        "Bytes that the system may hold of what a client has not taken yet, besides the queues below; 0 lets the system decide, which can be some MiB",
    ),
    key(
        "listen.worker_threads",
        "Threads that serve connections; 0 is one for each processor",
    ),
    short(
        "limits.connections",
        "max-connections",
        "Connections at a time. The system's limit of open files can lower it",
    ),
    key(
        "limits.connections_per_address",
        "Connections at a time from one IPv4 address or one IPv6 network of 64 bits; 0 is no limit. Set it where the server listens to the world",
    ),
    key("limits.handshakes", "TLS handshakes at a time"),
    key(
        "limits.frame_before_login",
        "Longest packet in bytes that is taken from a client that has not logged in",
    ),
    key("timeouts.handshake", "For the TLS handshake"),
    key("timeouts.hello", "From the connection to the greeting"),
    key(
        "timeouts.login",
        "From the greeting to the login, or from one attempt to the next",
    ),
    key(
        "timeouts.idle",
        "From one whole packet to the next, once logged in; three heartbeats at least make sense",
    ),
    key(
        "timeouts.frame",
        "From the first byte of a packet to its last",
    ),
    key(
        "timeouts.heartbeat",
        "From one heartbeat to the next, on both sides, in whole seconds",
    ),
    key(
        "timeouts.write",
        "How long a client may take nothing of what is sent",
    ),
    key(
        "timeouts.resume",
        "How long a player who lost the connection can come back to the same place; 0s is not at all",
    ),
    key(
        "timeouts.drain",
        "For the last packets of a connection that the server ends",
    ),
    key(
        "timeouts.stop",
        "For all connections to end when the server stops",
    ),
    key(
        "queues.outgoing",
        "Bytes that may wait for a client; with more it is taken for too slow",
    ),
    key(
        "queues.outgoing_before_login",
        "The same before the login, and for answers at once",
    ),
    key(
        "queues.unwritten",
        "Bytes of answers that the client has not taken, with which the server stops reading what it sends",
    ),
    key(
        "queues.requests",
        "Requests of one client that may wait for the world, with which the server stops reading what it sends",
    ),
    key(
        "queues.resumable",
        "Players who lost the connection that are remembered at a time",
    ),
    key(
        "rates.auth.per_second",
        "Logins, registrations and the like in a second; 0 is no limit, here and below",
    ),
    key("rates.auth.burst", "Of these, at once"),
    key("rates.world.per_second", "Entering and leaving the world"),
    key("rates.world.burst", "Of these, at once"),
    key("rates.movement.per_second", "Moves"),
    key("rates.movement.burst", "Of these, at once"),
    key("rates.combat.per_second", "Attacks"),
    key("rates.combat.burst", "Of these, at once"),
    key(
        "rates.chat.per_second",
        "Messages, and requests about rooms",
    ),
    key("rates.chat.burst", "Of these, at once"),
    key("rates.guild.per_second", "Requests about guilds"),
    key("rates.guild.burst", "Of these, at once"),
    key(
        "rates.system.per_second",
        "Heartbeats and requests for the time",
    ),
    key("rates.system.burst", "Of these, at once"),
    key(
        "rates.echo.per_second",
        "Echo, which costs no more than it carries and is held back by the client's own reading",
    ),
    key("rates.echo.burst", "Of these, at once"),
    key(
        "rates.strikes.per_second",
        "Packets over these limits or at the wrong moment that are forgiven; with more the session ends",
    ),
    key("rates.strikes.burst", "Of these, at once"),
    key("world.tick_hz", "Steps of the world in a second"),
    key("world.capacity", "Players that are in the world at a time"),
    key(
        "world.view_distance",
        "How far players see for certain, in metres",
    ),
    key(
        "world.cell_size",
        "Length of the sides of the cells by which the world is divided, in metres",
    ),
    key(
        "world.speed",
        "How fast players may go, in metres per second",
    ),
    key("world.health", "Health of those who are well"),
    key(
        "world.spawn_wishes",
        "Whether players may choose where they enter the world",
    ),
    short(
        "store.data",
        "data",
        "Folder for accounts and guilds; memory keeps them until the server stops; auto is packet-server in the user's folder for state",
    ),
    key("store.registration", "Whether accounts are made"),
    key(
        "store.token_lifetime",
        "For how long a token is good that came with a login",
    ),
    key(
        "store.password_memory_kib",
        "Memory in KiB for the hash of a password (Argon2id)",
    ),
    key("store.password_passes", "Passes over that memory"),
    key(
        "store.password_permits",
        "Passwords that are hashed at a time; 0 is one for each processor",
    ),
    key(
        "store.password_waiters",
        "Further passwords that wait for that; more are refused",
    ),
    key(
        "tls.certificate",
        "File with the certificates in PEM, the server's own first; empty is no TLS",
    ),
    key("tls.key", "File with the key of the certificate in PEM"),
    key(
        "metrics.address",
        "Where /metrics and /healthz are served; or off",
    ),
    short(
        "log.level",
        "log",
        "What to log: error, warn, info, debug or trace",
    ),
    key("log.format", "human or json"),
    short(
        "log.packets",
        "packet-log",
        "File to which all packets but those of logins are written, for packetc decode --pcap; empty is none",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_its_flag_and_its_variable() {
        let key = KEYS[4];
        assert_eq!(key.flag(), "listen-no-delay");
        assert_eq!(key.variable(), "PACKET_SERVER_LISTEN_NO_DELAY");
    }

    #[test]
    fn no_two_flags_or_variables_are_the_same() {
        let mut names: Vec<_> = KEYS
            .iter()
            .flat_map(|key| {
                [
                    Some(key.flag()),
                    key.alias.map(str::to_owned),
                    Some(key.variable()),
                ]
            })
            .flatten()
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
