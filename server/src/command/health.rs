//! `health`: for a container's or a service manager's probe.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use anyhow::{Context as _, bail};
use clap::Args;

/// Flags of `health`.
#[derive(Debug, Args)]
#[command(after_help = "Example:  qiyema-server health --server 127.0.0.1:8080")]
pub struct Health {
    /// 服务地址 · Address of the server.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub server: std::net::SocketAddr,
}

/// Exit code 0 if the server is ready.
pub fn run(ask: &Health) -> anyhow::Result<()> {
    let wait = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&ask.server, wait)
        .with_context(|| format!("nothing answers at {}", ask.server))?;
    stream.set_read_timeout(Some(wait))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", ask.server)?;
    let mut answer = String::new();
    stream.take(4096).read_to_string(&mut answer)?;
    if !answer.starts_with("HTTP/1.1 200") {
        bail!("the server is not ready: {}", answer.lines().next().unwrap_or("no answer"));
    }
    println!("ready");
    Ok(())
}
