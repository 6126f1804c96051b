//! The HTTP side: no redirects, bounded time and size, problems become failures.

use std::{path::Path, time::Duration};

use qiyema_protocol::problem::Problem;
use reqwest::{
    Client, Method, RequestBuilder,
    multipart::{Form, Part},
    redirect::Policy,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::exit::Failure;

/// For whole files.
const SLOW: Duration = Duration::from_mins(10);
const LARGEST: usize = 8 * 1024 * 1024;

/// A connection to servers.
pub struct Api {
    client: Client,
    runtime: Runtime,
}

impl Api {
    /// Sets the client up.
    pub fn new(cacert: Option<&Path>) -> Result<Self, Failure> {
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(30))
            .user_agent(concat!("qiyema/", env!("CARGO_PKG_VERSION")));
        if let Some(path) = cacert {
            let pem = std::fs::read(path).map_err(|e| Failure::failed(format!("{}: {e}", path.display())))?;
            builder =
                builder.add_root_certificate(reqwest::Certificate::from_pem(&pem).map_err(Failure::failed)?);
        }
        let runtime = Builder::new_current_thread().enable_all().build()?;
        Ok(Self { client: builder.build().map_err(Failure::failed)?, runtime })
    }

    /// Asks; the answer as bytes.
    pub fn bytes(
        &self,
        method: Method,
        url: &str,
        bearer: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Vec<u8>, Failure> {
        self.send(self.request(method, url, bearer, body))
    }

    /// Asks for JSON.
    pub fn json<T: DeserializeOwned>(
        &self,
        method: Method,
        url: &str,
        bearer: Option<&str>,
        body: Option<&Value>,
    ) -> Result<T, Failure> {
        parsed(&self.send(self.request(method, url, bearer, body))?)
    }

    /// Posts under a key, so that the same request sent twice is carried out once.
    pub fn post_once<T: DeserializeOwned>(
        &self,
        url: &str,
        bearer: Option<&str>,
        body: &Value,
        key: &str,
    ) -> Result<T, Failure> {
        let request = self.request(Method::POST, url, bearer, Some(body)).header("Idempotency-Key", key);
        parsed(&self.send(request)?)
    }

    /// Sends a file as a form does; the answer as bytes.
    pub fn upload(&self, url: &str, bearer: &str, name: &str, file: &[u8]) -> Result<Vec<u8>, Failure> {
        let part = Part::bytes(file.to_vec()).file_name(name.to_owned());
        let request = self.request(Method::POST, url, Some(bearer), None);
        self.send(request.multipart(Form::new().part("file", part)).timeout(SLOW))
    }

    /// Writes an answer of any size somewhere, a piece at a time.
    pub fn download(
        &self,
        method: Method,
        url: &str,
        bearer: &str,
        body: Option<&Value>,
        into: &mut dyn std::io::Write,
    ) -> Result<(), Failure> {
        let request = self.request(method, url, Some(bearer), body).timeout(SLOW);
        self.runtime.block_on(async {
            let mut response = request.send().await.map_err(unreachable)?;
            if !response.status().is_success() {
                return Err(refused(response).await);
            }
            while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
                into.write_all(&chunk)?;
            }
            Ok(())
        })
    }

    fn request(
        &self,
        method: Method,
        url: &str,
        bearer: Option<&str>,
        body: Option<&Value>,
    ) -> RequestBuilder {
        let mut request = self.client.request(method, url);
        if let Some(token) = bearer {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        request
    }

    fn send(&self, request: RequestBuilder) -> Result<Vec<u8>, Failure> {
        self.runtime.block_on(async {
            let mut response = request.send().await.map_err(unreachable)?;
            let status = response.status();
            if status.is_redirection() {
                return Err(Failure::failed(
                    "服务器要求跳转，已拒绝 / the server redirects elsewhere; refused",
                ));
            }
            let mut all = Vec::new();
            while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
                all.extend_from_slice(&chunk);
                if all.len() > LARGEST {
                    return Err(Failure::failed("回答过大 / the answer is larger than 8 MiB"));
                }
            }
            if status.is_success() {
                return Ok(all);
            }
            match serde_json::from_slice::<Problem>(&all) {
                Ok(problem) => Err(problem.into()),
                Err(_) => Err(Failure::failed(format!("服务器回答 / the server answered {status}"))),
            }
        })
    }
}

/// What the server says about its refusal, as far as it is short.
async fn refused(mut response: reqwest::Response) -> Failure {
    let status = response.status();
    let mut all = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        all.extend_from_slice(&chunk);
        if all.len() > LARGEST {
            break;
        }
    }
    match serde_json::from_slice::<Problem>(&all) {
        Ok(problem) => problem.into(),
        Err(_) => Failure::failed(format!("服务器回答 / the server answered {status}")),
    }
}

fn parsed<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(bytes)
        .map_err(|e| Failure::failed(format!("看不懂服务器的回答 / the server's answer makes no sense: {e}")))
}

/// The URL is left out: it holds the seal.
fn unreachable(error: reqwest::Error) -> Failure {
    let cause = std::error::Error::source(&error).map(|e| format!(": {e}")).unwrap_or_default();
    let error = error.without_url();
    Failure::new(8, format!("连不上服务器 / the server cannot be reached: {error}{cause}"))
}
