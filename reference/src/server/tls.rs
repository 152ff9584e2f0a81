//! Certificates and keys, for TLS.

use super::config::Tls;
use rustls_pki_types::pem::{self, PemObject};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{self, ServerConfig};

/// Why TLS cannot be used.
#[derive(Debug)]
pub enum TlsError {
    /// A file is not there or is not what it should be.
    File {
        /// The setting that names it.
        key: &'static str,
        /// Its name.
        path: String,
        /// What is wrong.
        error: pem::Error,
    },
    /// There is no certificate in the file.
    NoCertificate {
        /// Its name.
        path: String,
    },
    /// The key is not that of the certificate, or of a kind that is not known.
    Unusable(rustls::Error),
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { key, path, error } => write!(f, "{key}: cannot read {path:?}: {error}"),
            Self::NoCertificate { path } => {
                write!(f, "tls.certificate: there is no certificate in {path:?}")
            }
            Self::Unusable(error) => write!(f, "tls.key does not fit tls.certificate: {error}"),
        }
    }
}

impl std::error::Error for TlsError {}

/// What accepts encrypted connections; `None` if the settings want none.
pub(super) fn acceptor(settings: &Tls) -> Result<Option<TlsAcceptor>, TlsError> {
    if settings.certificate.is_empty() {
        return Ok(None);
    }
    let certificates = certificates(&settings.certificate)?;
    let key =
        PrivateKeyDer::from_pem_file(Path::new(&settings.key)).map_err(|error| TlsError::File {
            key: "tls.key",
            path: settings.key.clone(),
            error,
        })?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| {
            let config = config.with_no_client_auth();
            config.with_single_cert(certificates, key)
        });
    let config = config.map_err(TlsError::Unusable)?;
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

fn certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let wrong = |error| TlsError::File {
        key: "tls.certificate",
        path: path.to_owned(),
        error,
    };
    let certificates = CertificateDer::pem_file_iter(Path::new(path)).map_err(wrong)?;
    let certificates: Vec<_> = certificates.collect::<Result<_, _>>().map_err(wrong)?;
    if certificates.is_empty() {
        let path = path.to_owned();
        return Err(TlsError::NoCertificate { path });
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[track_caller]
    fn check(certificate: &str, key: &str, expected: &str) {
        let folder = tempfile::tempdir().unwrap();
        let place = |name: &str, text: &str| {
            let path = folder.path().join(name);
            if !text.is_empty() {
                fs::write(&path, text).unwrap();
            }
            path.to_str().unwrap().to_owned()
        };
        let settings = Tls {
            certificate: place("cert.pem", certificate),
            key: place("key.pem", key),
        };
        let result = acceptor(&settings).map(|tls| tls.is_some());
        let text = match result {
            Ok(encrypted) => format!("encrypted: {encrypted}"),
            Err(error) => error.to_string(),
        };
        assert!(text.contains(expected), "{text}");
    }

    fn pair() -> (String, String) {
        let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        (pair.cert.pem(), pair.signing_key.serialize_pem())
    }

    #[test]
    fn takes_a_pair_and_nothing_else() {
        let (certificate, key) = pair();
        check(&certificate, &key, "encrypted: true");
        check("", &key, "tls.certificate: cannot read");
        check(&certificate, "", "tls.key: cannot read");
        check("nothing", &key, "tls.certificate: there is no certificate");
        check(&certificate, "nothing", "tls.key: cannot read");
        let (_, other) = pair();
        check(&certificate, &other, "tls.key does not fit tls.certificate");
    }

    #[test]
    fn no_settings_are_no_encryption() {
        assert!(acceptor(&Tls::default()).unwrap().is_none());
    }
}
