//! Signed tokens (JWT, RFC 7519): made here for each few minutes, from a key in the config.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use connector_core::{Error, ErrorKind, Result};
use ring::signature::{EcdsaKeyPair, EcdsaSigningAlgorithm, RsaEncoding, RsaKeyPair};
use ring::{hmac, rand, signature};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Map, Value};

use super::held::Obtained;
use super::{Credential, Sent, base64url};

/// How a token is signed (RFC 7518).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Algorithm {
    /// HMAC with SHA-256 over a shared secret.
    Hs256,
    /// HMAC with SHA-384.
    Hs384,
    /// HMAC with SHA-512.
    Hs512,
    /// RSA (PKCS #1 v1.5) with SHA-256; the key is PEM, PKCS #8 or PKCS #1.
    Rs256,
    /// RSA with SHA-384.
    Rs384,
    /// RSA with SHA-512.
    Rs512,
    /// ECDSA on P-256 with SHA-256; the key is PEM, PKCS #8.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
}

/// A token that the connector signs itself.
///
/// ```
/// use connector_http::{Algorithm, Auth, SignedToken};
/// let auth: Auth = SignedToken::new(Algorithm::Hs256, "shared").claim("iss", "me").life_seconds(600).into();
/// ```
#[derive(Clone)]
pub struct SignedToken {
    pub(crate) algorithm: Algorithm,
    pub(crate) key: String,
    pub(crate) key_base64: bool,
    pub(crate) header: Map<String, Value>,
    pub(crate) claims: Map<String, Value>,
    pub(crate) life: Duration,
    pub(crate) sent: Sent,
}

impl SignedToken {
    /// A token signed with this key: a shared secret, or a private key as PEM.
    #[must_use]
    pub fn new<T: Credential + ?Sized>(algorithm: Algorithm, key: &T) -> Self {
        Self {
            algorithm,
            key: key.expose().to_owned(),
            key_base64: false,
            header: Map::new(),
            claims: Map::new(),
            life: Duration::from_secs(20 * 60),
            sent: Sent::bearer(),
        }
    }

    /// The shared secret is given in base64.
    #[must_use]
    pub fn key_in_base64(mut self) -> Self {
        self.key_base64 = true;
        self
    }

    /// A claim (`iss`, `sub`, `aud`, your own). `iat` and `exp` are added.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.claims.insert(name.to_owned(), value.into());
        self
    }

    /// A header of the token (`kid`).
    #[must_use]
    pub fn token_header(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.header.insert(name.to_owned(), value.into());
        self
    }

    /// How long a token lives, in seconds; 20 minutes unless said.
    #[must_use]
    pub fn life_seconds(mut self, seconds: u64) -> Self {
        self.life = Duration::from_secs(seconds);
        self
    }

    /// Where the token goes, where that is not `Authorization: Bearer …`.
    #[must_use]
    pub fn sent(mut self, sent: Sent) -> Self {
        self.sent = sent;
        self
    }
}

impl SignedToken {
    /// A token for now.
    pub(crate) fn sign(&self, now: SystemTime) -> Result<Obtained> {
        let seconds = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let mut header = self.header.clone();
        header.insert("alg".to_owned(), self.algorithm.name().into());
        header.entry("typ").or_insert_with(|| "JWT".into());
        let mut claims = self.claims.clone();
        claims.entry("iat").or_insert_with(|| seconds.into());
        claims.entry("exp").or_insert_with(|| (seconds + self.life.as_secs()).into());
        let part = |object: Map<String, Value>| base64url(Value::Object(object).to_string().as_bytes());
        let text = format!("{}.{}", part(header), part(claims));
        let signature = base64url(&self.signature(text.as_bytes())?);
        Ok(Obtained { token: format!("{text}.{signature}").into(), life: Some(self.life) })
    }

    fn signature(&self, text: &[u8]) -> Result<Vec<u8>> {
        match self.algorithm {
            Algorithm::Hs256 => self.hmac(hmac::HMAC_SHA256, text),
            Algorithm::Hs384 => self.hmac(hmac::HMAC_SHA384, text),
            Algorithm::Hs512 => self.hmac(hmac::HMAC_SHA512, text),
            Algorithm::Rs256 => self.rsa(&signature::RSA_PKCS1_SHA256, text),
            Algorithm::Rs384 => self.rsa(&signature::RSA_PKCS1_SHA384, text),
            Algorithm::Rs512 => self.rsa(&signature::RSA_PKCS1_SHA512, text),
            Algorithm::Es256 => self.ecdsa(&signature::ECDSA_P256_SHA256_FIXED_SIGNING, text),
            Algorithm::Es384 => self.ecdsa(&signature::ECDSA_P384_SHA384_FIXED_SIGNING, text),
        }
    }

    fn hmac(&self, algorithm: hmac::Algorithm, text: &[u8]) -> Result<Vec<u8>> {
        let key = if self.key_base64 {
            let bare = self.key.trim().trim_end_matches('=');
            let engine = base64::engine::general_purpose::STANDARD_NO_PAD;
            engine.decode(bare).map_err(|_| bad_key("no base64"))?
        } else {
            self.key.as_bytes().to_vec()
        };
        Ok(hmac::sign(&hmac::Key::new(algorithm, &key), text).as_ref().to_vec())
    }

    fn rsa(&self, encoding: &'static dyn RsaEncoding, text: &[u8]) -> Result<Vec<u8>> {
        let key = match self.private_key()? {
            PrivateKeyDer::Pkcs8(der) => RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(der) => RsaKeyPair::from_der(der.secret_pkcs1_der()),
            _ => return Err(bad_key("no RSA key")),
        };
        let key = key.map_err(|error| bad_key(&format!("no RSA key that can be used: {error}")))?;
        let mut signed = vec![0; key.public().modulus_len()];
        key.sign(encoding, &rand::SystemRandom::new(), text, &mut signed)
            .map_err(|_| bad_key("too short to sign with"))?;
        Ok(signed)
    }

    fn ecdsa(&self, algorithm: &'static EcdsaSigningAlgorithm, text: &[u8]) -> Result<Vec<u8>> {
        let PrivateKeyDer::Pkcs8(der) = self.private_key()? else { return Err(bad_key("not in the form PKCS #8")) };
        let random = rand::SystemRandom::new();
        let key = EcdsaKeyPair::from_pkcs8(algorithm, der.secret_pkcs8_der(), &random)
            .map_err(|error| bad_key(&format!("no key of this curve: {error}")))?;
        Ok(key.sign(&random, text).map_err(|_| bad_key("refused by the random generator"))?.as_ref().to_vec())
    }

    fn private_key(&self) -> Result<PrivateKeyDer<'static>> {
        // A key that went through an environment variable or a form often has `\\n` for its line breaks.
        let pem = self.key.replace("\\n", "\n");
        PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| bad_key("no private key in PEM"))
    }
}

impl Algorithm {
    fn name(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Hs384 => "HS384",
            Self::Hs512 => "HS512",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
        }
    }
}

fn bad_key(why: &str) -> Error {
    Error::new(ErrorKind::Config, format!("the key that signs the token is {why}"))
}

impl std::fmt::Debug for SignedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignedToken").field("algorithm", &self.algorithm).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ring::signature::{KeyPair as _, UnparsedPublicKey, VerificationAlgorithm};

    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
    }

    /// Text that is signed, and the signature.
    fn split(token: &str) -> (String, Vec<u8>) {
        let (text, signature) = token.rsplit_once('.').unwrap();
        (text.to_owned(), base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(signature).unwrap())
    }

    fn pem(kind: &str, der: &[u8]) -> String {
        format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", super::super::base64(der))
    }

    fn claims(token: &str) -> Value {
        let claims = token.split('.').nth(1).unwrap();
        serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
    }

    #[test]
    fn a_curve_signs_what_its_public_key_accepts() {
        let random = rand::SystemRandom::new();
        let curves: [(Algorithm, &EcdsaSigningAlgorithm, &dyn VerificationAlgorithm); 2] = [
            (Algorithm::Es256, &signature::ECDSA_P256_SHA256_FIXED_SIGNING, &signature::ECDSA_P256_SHA256_FIXED),
            (Algorithm::Es384, &signature::ECDSA_P384_SHA384_FIXED_SIGNING, &signature::ECDSA_P384_SHA384_FIXED),
        ];
        for (algorithm, signing, verifying) in curves {
            let der = EcdsaKeyPair::generate_pkcs8(signing, &random).unwrap();
            let key = EcdsaKeyPair::from_pkcs8(signing, der.as_ref(), &random).unwrap();
            // As it comes out of an environment variable: line breaks as two characters.
            for text in [pem("PRIVATE KEY", der.as_ref()), pem("PRIVATE KEY", der.as_ref()).replace('\n', "\\n")] {
                let token = SignedToken::new(algorithm, &text).claim("iss", "me").sign(now()).unwrap().token;
                let (text, signature) = split(token.expose());
                let public = UnparsedPublicKey::new(verifying, key.public_key().as_ref());
                public.verify(text.as_bytes(), &signature).unwrap();
            }
        }
    }

    #[test]
    fn times_are_added_unless_given() {
        let token = SignedToken::new(Algorithm::Hs512, "k").life_seconds(60).sign(now()).unwrap();
        assert_eq!(claims(token.token.expose()), serde_json::json!({"iat": 1_700_000_000, "exp": 1_700_000_060}));
        assert_eq!(token.life, Some(Duration::from_secs(60)));
    }

    #[test]
    fn a_key_that_is_none_is_a_config_error_without_the_key() {
        for algorithm in [Algorithm::Rs256, Algorithm::Es256] {
            let error = SignedToken::new(algorithm, "hunter2").sign(now()).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
