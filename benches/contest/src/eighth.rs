//! The 8th server of an answer to a login, from a packet that was validated before: in `LoginResponse` behind seven
//! names of any length, in `LoginDirectory` at a place that follows from its number.

use crate::contenders::generated::contest::{
    LoginDirectory, LoginDirectoryView, LoginResponse, LoginResponseView, ServerHead,
};
use crate::samples;
use crate::{Contender, Packet, contenders::generated::Generated, of_text};
use packet_runtime::{Encode, View};
use std::hint::black_box;

/// Counted from 0.
const EIGHTH: usize = 7;

/// How it is found.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    ByHand,
    Generated,
    Directory,
    DirectoryName,
}

impl Way {
    pub const ALL: &'static [Self] = &[
        Self::ByHand,
        Self::Generated,
        Self::Directory,
        Self::DirectoryName,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::ByHand => "port, scan by hand",
            Self::Generated => "port, `LoginResponse`",
            Self::Directory => "port, `LoginDirectory`",
            Self::DirectoryName => "name, `LoginDirectory`",
        }
    }
}

/// Both packets, as views.
pub struct Logins {
    response: LoginResponseView<'static>,
    directory: LoginDirectoryView<'static>,
}

impl Logins {
    /// The sample in both forms, which the program keeps as long as it runs.
    pub fn new() -> Self {
        let sample = samples::LoginResponse::sample();
        let response: LoginResponse = Generated::value(sample);
        let mut names = String::new();
        let heads = sample.servers.iter().map(|server| {
            let head = ServerHead {
                id: server.id,
                port: server.port,
                players: server.players,
                name_offset: u16::try_from(names.len()).expect("the names are short"),
                name_length: u8::try_from(server.name.len()).expect("the names are short"),
            };
            names.push_str(&server.name);
            head
        });
        let directory = LoginDirectory {
            servers: heads.collect(),
            accepted: sample.accepted,
            heartbeat: sample.heartbeat,
            user: sample.user,
            token: sample.token.clone(),
            names,
        };
        let response = response.to_vec().expect("the sample is valid").leak();
        let directory = directory.to_vec().expect("the sample is valid").leak();
        Self {
            response: View::parse(response).expect("it was just written"),
            directory: View::parse(directory).expect("it was just written"),
        }
    }

    /// The port, or for [`Way::DirectoryName`] what [`of_text`] says of the name.
    #[inline(always)]
    pub fn go(&self, way: Way) -> Option<u64> {
        match way {
            Way::ByHand => scan(black_box(self.response.as_bytes())),
            Way::Generated => {
                let servers = black_box(&self.response).servers();
                Some(servers.get(EIGHTH)?.port().into())
            }
            Way::Directory => {
                let servers = black_box(&self.directory).servers();
                Some(servers.get(EIGHTH)?.port().into())
            }
            Way::DirectoryName => {
                let directory = black_box(&self.directory);
                let head = directory.servers().get(EIGHTH)?;
                let from = usize::from(head.name_offset());
                let to = from + usize::from(head.name_length());
                // That all of the names are UTF-8 was tested once; a part of a text costs a look at its ends.
                Some(of_text(directory.names().get(from..to)?))
            }
        }
    }
}

impl Default for Logins {
    fn default() -> Self {
        Self::new()
    }
}

/// By hand: over the token and seven servers.
fn scan(bytes: &[u8]) -> Option<u64> {
    let rest = bytes.get(15..)?;
    let (&token, rest) = rest.split_first()?;
    let (&count, mut rest) = rest.get(usize::from(token)..)?.split_first()?;
    if usize::from(count) <= EIGHTH {
        return None;
    }
    for _ in 0..EIGHTH {
        let name = usize::from(*rest.get(2)?);
        rest = rest.get(3 + name + 4..)?;
    }
    let name = usize::from(*rest.get(2)?);
    let port = rest.get(3 + name..)?.first_chunk()?;
    Some(u16::from_be_bytes(*port).into())
}

/// A table with a row for each way, and the ratio to the scan by hand.
pub fn print(figure: impl Fn(&str) -> Option<f64>, show: impl Fn(f64) -> String) -> String {
    let mut out = "| 8th server | |\n|---|---|\n".to_owned();
    let base = figure(Way::ByHand.name());
    for way in Way::ALL {
        if let (Some(found), Some(base)) = (figure(way.name()), base) {
            let (shown, ratio) = (show(found), found / base);
            out.push_str(&format!("| {} | {shown} ({ratio:.2}) |\n", way.name()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_ways_lead_to_the_same_server() {
        let sample = &samples::LoginResponse::sample().servers[EIGHTH];
        let logins = Logins::new();
        for way in Way::ALL {
            let expected = match way {
                Way::DirectoryName => of_text(&sample.name),
                _ => sample.port.into(),
            };
            assert_eq!(logins.go(*way), Some(expected), "{way:?}");
        }
    }
}
