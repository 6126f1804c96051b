//! The lists of revoked codes of trusted hosts, kept beside their keys: what this
//! machine knows without a network, and since when.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use qiyema_protocol::{
    keyring::KeyRing,
    revocation::{RevocationList, Stands},
    seal::{Host, Verified},
};
use reqwest::Method;
use serde::{Deserialize, Serialize};

use crate::{api::Api, clock, credentials, exit::Failure, keys::Trusted};

const FILE: &str = "revocations.json";
/// Days after which a list is called old.
const OLD: i64 = 7;

/// The signed lists, by signed host name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Lists {
    /// The documents as they were signed.
    pub hosts: BTreeMap<String, String>,
}

/// What is known of a code without a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// There is no list, or none that a trusted key has signed.
    Nothing,
    /// It stood when the list was made.
    Stood(DateTime<Utc>),
}

impl Lists {
    /// Reads the file; a missing one is an empty store.
    pub fn load() -> Result<Self, Failure> {
        credentials::read(FILE).map(Option::unwrap_or_default)
    }

    /// Writes the file.
    pub fn save(&self) -> Result<(), Failure> {
        credentials::write(FILE, self).map(drop)
    }

    /// Fetches the list of a host; an older one than is known takes nothing back.
    pub fn fetch(&mut self, api: &Api, host: &Host, trusted: &Trusted) -> Result<(), Failure> {
        let url = format!("{}/api/v1/revocations", trusted.origin);
        let bytes = api.bytes(Method::GET, &url, None, None)?;
        let text = String::from_utf8(bytes).map_err(Failure::failed)?;
        let ring = KeyRing::from_jwks(&trusted.jwks).map_err(Failure::failed)?;
        let fresh = RevocationList::verify(&text, &ring, host).map_err(|e| {
            Failure::new(
                6,
                format!("吊销清单无效，未保存 / the list of revoked codes is not genuine, not kept: {e}"),
            )
        })?;
        let kept =
            self.hosts.get(host.as_str()).and_then(|kept| RevocationList::verify(kept, &ring, host).ok());
        if kept.is_some_and(|kept| kept.iat > fresh.iat) {
            return Err(Failure::new(
                6,
                "服务器给出的吊销清单比已有的旧，未保存 / the server's list is older than the one kept here; not kept",
            ));
        }
        self.hosts.insert(host.as_str().to_owned(), text);
        Ok(())
    }

    /// What is known of a code whose seal is true; one that is on the list fails.
    pub fn check(&self, host: &Host, trusted: &Trusted, code: Verified) -> Result<Known, Failure> {
        let ring = KeyRing::from_jwks(&trusted.jwks).map_err(Failure::failed)?;
        let list =
            self.hosts.get(host.as_str()).and_then(|kept| RevocationList::verify(kept, &ring, host).ok());
        let Some(list) = list else { return Ok(Known::Nothing) };
        let at = DateTime::from_timestamp(list.iat, 0).unwrap_or_default();
        let minute = clock::minute(at);
        match list.stands(code.code()) {
            Stands::Yes => Ok(Known::Stood(at)),
            Stands::Ended => Err(Failure::new(
                6,
                format!(
                    "码已停用或已换发（{minute}的清单） / the code was revoked or replaced (list of {minute})"
                ),
            )),
            Stands::Suspended => Err(Failure::new(
                6,
                format!("码已暂停使用（{minute}的清单） / the code is suspended (list of {minute})"),
            )),
        }
    }
}

impl Known {
    /// When the knowledge was complete, and how many days ago.
    #[must_use]
    pub fn age(self) -> Option<(DateTime<Utc>, i64)> {
        match self {
            Self::Nothing => None,
            Self::Stood(at) => Some((at, (clock::now() - at).num_days())),
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self, lang: crate::args::Lang) -> String {
        let Some((at, days)) = self.age() else {
            return lang
                .of(
                    "签名真实；是否已吊销尚不知道，请先更新清单：qiyema keys fetch",
                    "genuine; whether it was revoked is not known here: qiyema keys fetch",
                )
                .to_owned();
        };
        let at = clock::minute(at);
        let old = if days > OLD {
            lang.of("，清单已旧，请更新：qiyema keys fetch", "; the list is old: qiyema keys fetch")
        } else {
            ""
        };
        lang.of(
            &format!("签名真实；截至{at}未吊销（清单{days}天前）{old}"),
            &format!("genuine; not revoked as of {at} (list {days} days old){old}"),
        )
        .to_owned()
    }
}
