//! Sends a webhook: one POST, to an address that was checked, with no redirect
//! followed and the answer's text thrown away.

use std::{net::SocketAddr, time::Duration};

use reqwest::{Client, Url, redirect::Policy};

use super::{Undelivered, guard};
use crate::config::Net;

/// One webhook, signed.
#[derive(Debug, Clone)]
pub struct Parcel {
    /// Where to.
    pub url: String,
    /// `webhook-id`: the same at every try.
    pub id: String,
    /// `webhook-timestamp`: seconds since 1970 of this try.
    pub seconds: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// JSON.
    pub body: String,
}

/// How it is sent.
#[derive(Debug, Clone)]
pub struct Way {
    /// Networks that may be called although they are not public.
    pub allowed: Vec<Net>,
    /// How long one try may take.
    pub patience: Duration,
}

/// Whether a URL can be a webhook's: https, or http to an address that is
/// allowed by a setting; no user name in it.
pub fn check(url: &str) -> Result<Url, Undelivered> {
    let url = Url::parse(url).map_err(|_| Undelivered::Malformed)?;
    let plain = matches!(url.scheme(), "http" | "https") && url.host_str().is_some();
    let anonymous = url.username().is_empty() && url.password().is_none();
    if plain && anonymous { Ok(url) } else { Err(Undelivered::Malformed) }
}

/// Where a URL leads now, of that only what may be called. It is asked when a webhook
/// is set, so that the remedy is told at once, and again at every try, because a name
/// can be given another address.
pub async fn addresses(url: &Url, way: &Way) -> Result<Vec<SocketAddr>, Undelivered> {
    let host = url.host_str().ok_or(Undelivered::Malformed)?;
    let port = url.port_or_known_default().ok_or(Undelivered::Malformed)?;
    let lookup = tokio::time::timeout(way.patience, guard::addresses(host, port, &way.allowed));
    let mut addresses = lookup.await.map_err(|_| Undelivered::Unresolved)??;
    if url.scheme() == "http" {
        // Without TLS only inside networks that somebody has chosen to trust.
        addresses.retain(|to| way.allowed.iter().any(|net| net.holds(to.ip())));
        if addresses.is_empty() {
            return Err(Undelivered::Forbidden);
        }
    }
    Ok(addresses)
}

/// Sends it once.
pub async fn send(parcel: &Parcel, way: &Way) -> Result<(), Undelivered> {
    let url = check(&parcel.url)?;
    let host = url.host_str().ok_or(Undelivered::Malformed)?.to_owned();
    let addresses = addresses(&url, way).await?;
    let client = Client::builder()
        .resolve_to_addrs(&host, &addresses)
        .redirect(Policy::none())
        .no_proxy()
        .timeout(way.patience)
        .user_agent(concat!("qiyema/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| Undelivered::Malformed)?;
    let answer = client
        .post(url)
        .header("content-type", "application/json")
        .header("webhook-id", &parcel.id)
        .header("webhook-timestamp", parcel.seconds.to_string())
        .header("webhook-signature", &parcel.signature)
        .body(parcel.body.clone())
        .send()
        .await
        .map_err(|_| Undelivered::Unreachable)?;
    // The answer's body is never read: its length is the other side's choice.
    match answer.status() {
        status if status.is_success() => Ok(()),
        status => Err(Undelivered::Answered(status.as_u16())),
    }
}

#[cfg(test)]
mod tests {
    use super::{Undelivered, check};

    #[test]
    fn only_a_plain_address_of_the_web_is_one() {
        for good in ["https://hooks.example.cn/in?x=1", "http://10.0.0.8:8080/"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in
            ["ftp://example.cn", "file:///etc/passwd", "https://", "x", "https://u:p@example.cn/", "data:,x"]
        {
            assert_eq!(check(bad).err(), Some(Undelivered::Malformed), "{bad}");
        }
    }
}
