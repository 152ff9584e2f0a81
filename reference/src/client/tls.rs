//! What a client trusts, and the TLS settings made of it.

use super::ClientError;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How a server proves who it is.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    /// By whom its certificate has to be signed.
    pub roots: Roots,
    /// The name that its certificate has to be for, if that is not the host of the address.
    pub server_name: Option<String>,
}

/// Whose signatures count.
#[derive(Clone, Debug, Default)]
pub enum Roots {
    /// The authorities that this system trusts.
    #[default]
    System,
    /// The certificates in a file in PEM format, and no others.
    File(PathBuf),
}

impl Tls {
    /// What sessions are made of, and the name that the server at this address has to have.
    ///
    /// # Errors
    /// There are no roots, or the name is none.
    pub(crate) fn session(
        &self,
        address: &str,
    ) -> Result<(Arc<ClientConfig>, ServerName<'static>), ClientError> {
        let roots = self.roots.load()?;
        let provider = Arc::new(ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| ClientError::Tls(error.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let name = self
            .server_name
            .clone()
            .unwrap_or_else(|| host(address).to_owned());
        let name = ServerName::try_from(name.clone()).map_err(|error| {
            ClientError::Tls(format!("{name:?} is no name of a server: {error}"))
        })?;
        Ok((Arc::new(config), name))
    }
}

impl Roots {
    fn load(&self) -> Result<RootCertStore, ClientError> {
        let mut roots = RootCertStore::empty();
        match self {
            Self::System => {
                let found = rustls_native_certs::load_native_certs();
                let (taken, _) = roots.add_parsable_certificates(found.certs);
                if taken == 0 {
                    let reasons: Vec<String> =
                        found.errors.iter().map(ToString::to_string).collect();
                    return Err(ClientError::Tls(format!(
                        "this system has no trusted certificates; give a file of them [{}]",
                        reasons.join("; ")
                    )));
                }
            }
            Self::File(path) => {
                for certificate in certificates(path)? {
                    roots
                        .add(certificate)
                        .map_err(|error| problem(path, &error))?;
                }
                if roots.is_empty() {
                    return Err(problem(path, &"it has no certificate in PEM format"));
                }
            }
        }
        Ok(roots)
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| problem(path, &error))
}

fn problem(path: &Path, problem: &dyn std::fmt::Display) -> ClientError {
    ClientError::Tls(format!("{}: {problem}", path.display()))
}

/// The host of `host:port`, without the brackets around an IPv6 address.
fn host(address: &str) -> &str {
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    host.strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_an_address_is_what_a_certificate_is_for() {
        assert_eq!(host("game.test:7777"), "game.test");
        assert_eq!(host("127.0.0.1:7777"), "127.0.0.1");
        assert_eq!(host("[::1]:7777"), "::1");
        assert_eq!(host("game.test"), "game.test");
    }
}
