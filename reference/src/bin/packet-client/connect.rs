//! The flags that say which server and who, and the client made of them.

use crate::{Failure, installation};
use reference::client::{Client, Login, Options, Roots, Tls};
use reference::game::LoginResult;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

/// The name of the variable that a password is taken from.
const PASSWORD: &str = "PACKET_CLIENT_PASSWORD";

/// Where a server listens that nobody has configured.
const ADDRESS: &str = "127.0.0.1:7777";

/// Seconds that an answer may take if nobody says otherwise.
const TIMEOUT: u64 = 10;

#[derive(Debug, clap::Args)]
#[group(id = "connection")]
pub(crate) struct Arguments {
    /// Server to connect to
    #[arg(
        long,
        global = true,
        default_value = ADDRESS,
        value_name = "HOST:PORT",
        value_parser = address
    )]
    pub(crate) address: String,
    /// Account to log in to; a guest is registered if there is neither a name nor a token
    #[arg(long, global = true)]
    name: Option<String>,
    /// Password of the account; asked for on a terminal if it is not given
    #[arg(long, global = true, env = PASSWORD, hide_env_values = true)]
    password: Option<String>,
    /// Token of an earlier session, 64 hexadecimal digits: with a name to log in, without one to resume the session
    #[arg(long, global = true, value_parser = token, value_name = "HEX", conflicts_with = "register")]
    token: Option<[u8; 32]>,
    /// Make the account first, unless it is there
    #[arg(long, global = true)]
    register: bool,
    /// Use TLS, and trust whom the system trusts
    #[arg(long, global = true)]
    tls: bool,
    /// Use TLS, and trust the certificates in this PEM file alone
    #[arg(long, global = true, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// Seconds that connecting, each step of the login and each answer may take
    #[arg(long, global = true, default_value_t = TIMEOUT, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    timeout: u64,
}

impl Arguments {
    /// How long an answer may take.
    pub(crate) const fn patience(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }

    /// Whom a subcommand with an address and accounts of its own trusts. Flags that it does not heed are refused, rather than
    /// letting it talk to somebody else than was said.
    pub(crate) fn trust_alone(&self, subcommand: &str) -> Result<Option<Tls>, Failure> {
        let given = [
            ("--address", self.address != ADDRESS),
            ("--name", self.name.is_some()),
            ("--token", self.token.is_some()),
            ("--register", self.register),
            ("--timeout", self.timeout != TIMEOUT),
        ];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(self.trust()),
            Some((flag, _)) => Err(Failure::Problem(format!(
                "{subcommand} does not take {flag}: the server's address stands behind `{subcommand}`, and it uses accounts \
                 of its own"
            ))),
        }
    }

    /// Whether the flags say who is to be logged in.
    pub(crate) const fn names_somebody(&self) -> bool {
        self.name.is_some() || self.token.is_some()
    }

    /// A client that is logged in as the flags say.
    pub(crate) async fn log_in(&self) -> Result<Client, Failure> {
        self.connect(self.login()?).await
    }

    /// A client that is logged in like this.
    pub(crate) async fn connect(&self, login: Login) -> Result<Client, Failure> {
        let options = Options {
            tls: self.trust(),
            login,
            device: installation::device(),
            connect_timeout: self.patience(),
            login_timeout: self.patience(),
            request_timeout: self.patience(),
            ..Options::new(&self.address)
        };
        Client::connect(options).await.map_err(|error| {
            use reference::client::ClientError::LoginRefused;
            let hint = match &error {
                LoginRefused { result, .. }
                    if *result == LoginResult::BAD_CREDENTIALS
                        && self.password.is_some()
                        && !self.register =>
                {
                    "; --register makes an account"
                }
                _ => "",
            };
            Failure::Problem(format!("{}: {error}{hint}", self.address))
        })
    }

    fn trust(&self) -> Option<Tls> {
        let roots = match &self.ca {
            Some(path) => Roots::File(path.clone()),
            None if self.tls => Roots::System,
            None => return None,
        };
        Some(Tls {
            roots,
            server_name: None,
        })
    }

    fn login(&self) -> Result<Login, Failure> {
        let Some(name) = self.name.clone() else {
            return Ok(match self.token {
                Some(token) => Login::Resume { token },
                None => guest()?,
            });
        };
        if let Some(token) = self.token {
            return Ok(Login::Token { name, token });
        }
        let password = match &self.password {
            Some(password) => password.clone(),
            None if io::stdin().is_terminal() => {
                rpassword::prompt_password(format!("password of {name}: ")).map_err(|error| {
                    Failure::Problem(format!("cannot ask for the password: {error}"))
                })?
            }
            None => {
                return Err(Failure::Problem(format!(
                    "there is no password for {name}: give --password or set {PASSWORD}"
                )));
            }
        };
        Ok(Login::Password {
            name,
            password,
            register: self.register,
        })
    }
}

/// An account that nobody has and nobody will log in to again.
fn guest() -> Result<Login, Failure> {
    let mut drawn = [0; 28];
    getrandom::fill(&mut drawn).map_err(Failure::problem)?;
    let (name, password) = drawn.split_at(4);
    Ok(Login::registering(
        format!("guest-{}", hex(name)),
        hex(password),
    ))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // cannot fail
        text
    })
}

/// So many bytes from hexadecimal digits.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits: Option<Vec<u8>> = text
        .chars()
        .map(|digit| {
            digit
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok())
        })
        .collect();
    let bytes: Vec<u8> = digits?
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
        .collect();
    if text.len() == 2 * N {
        bytes.try_into().ok()
    } else {
        None
    }
}

/// A host with a port. Whether there is such a host shows when it is connected to.
pub(crate) fn address(text: &str) -> Result<String, String> {
    match text.rsplit_once(':') {
        Some((host, port)) if !host.is_empty() && port.parse::<u16>().is_ok() => {
            Ok(text.to_owned())
        }
        _ => Err("write a host and a port, such as localhost:7777 or [::1]:7777".to_owned()),
    }
}

fn token(text: &str) -> Result<[u8; 32], String> {
    from_hex(text.trim()).ok_or_else(|| {
        "a token has 64 hexadecimal digits; `/token` shows that of an interactive session"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_digits_are_read_as_they_are_written() {
        assert_eq!(
            from_hex(&hex(&[0, 1, 0xab, 0xff])),
            Some([0, 1, 0xab, 0xff])
        );
        for wrong in ["", "0", "0g", "000", "00000"] {
            assert_eq!(from_hex::<2>(wrong), None, "{wrong}");
        }
    }
}
