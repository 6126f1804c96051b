//! The turnstile: how many connections one address may hold, and for how long a
//! connection may stand without getting on. The framework bounds the first head
//! and the body only; a second head that drips, and a reader that does not read,
//! would hold a connection for as long as they like.

use std::{
    any::Any,
    collections::HashMap,
    net::{IpAddr, Shutdown, TcpStream},
    sync::{Arc, Mutex, PoisonError, Weak},
    time::{Duration, Instant},
};

use actix_web::dev::Extensions;

use super::client::household;
use crate::config::{Http, Net};

/// Bytes of an answer that the kernel holds for a reader. It tells of room only
/// when a third of them has gone: with megabytes, a slow reader would seem stalled.
const SEND_BUFFER: usize = 128 * 1024;
/// Between two rounds of the watch.
const ROUND: Duration = Duration::from_millis(500);

/// What the visits of one server have in common.
pub struct Turnstile {
    limits: Limits,
    trusted: Vec<Net>,
    inside: Mutex<HashMap<IpAddr, usize>>,
    visits: Mutex<Vec<Weak<Visit>>>,
}

struct Limits {
    per_address: usize,
    waiting: Duration,
    stalled: Duration,
}

impl Turnstile {
    /// Opens the turnstile and starts its watch, which ends with the server.
    #[must_use]
    pub fn open(http: &Http) -> Arc<Self> {
        let seconds = Duration::from_secs;
        let turnstile = Arc::new(Self {
            limits: Limits {
                per_address: http.connections_per_address.get(),
                waiting: seconds(http.keep_alive_seconds) + seconds(http.head_seconds),
                stalled: seconds(http.stall_seconds),
            },
            trusted: http.trusted_proxies.clone(),
            inside: Mutex::default(),
            visits: Mutex::default(),
        });
        let watched = Arc::downgrade(&turnstile);
        std::thread::spawn(move || {
            while let Some(turnstile) = watched.upgrade() {
                turnstile.round();
                drop(turnstile);
                std::thread::sleep(ROUND);
            }
        });
        turnstile
    }

    /// Lets a connection in, or turns it away when its address holds too many.
    /// Connections of a trusted proxy are many people's and are not counted.
    pub fn enter(self: &Arc<Self>, connection: &dyn Any, data: &mut Extensions) {
        let Some(stream) = connection.downcast_ref::<actix_web::rt::net::TcpStream>() else { return };
        let Ok(socket) = second_handle(stream) else { return };
        let _ = socket2::SockRef::from(&socket).set_send_buffer_size(SEND_BUFFER);
        let peer = stream.peer_addr().ok().map(|peer| peer.ip().to_canonical());
        let address = peer.filter(|peer| !self.trusted.iter().any(|net| net.holds(*peer))).map(household);
        if let Some(address) = address {
            let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
            let held = inside.entry(address).or_default();
            if *held >= self.limits.per_address {
                metrics::counter!("http_connections_refused_total").increment(1);
                let _ = socket.shutdown(Shutdown::Both);
                return;
            }
            *held += 1;
        }
        let stands = Mutex::new((Stands::Waiting, Instant::now()));
        let visit = Arc::new(Visit { socket, address, stands, turnstile: self.clone() });
        self.visits.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::downgrade(&visit));
        data.insert(visit);
    }

    /// Closes what has stood too long.
    fn round(&self) {
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        visits.retain(|visit| {
            let Some(visit) = visit.upgrade() else { return false };
            let (stands, since) = *visit.stands.lock().unwrap_or_else(PoisonError::into_inner);
            let most = match stands {
                Stands::Waiting => self.limits.waiting,
                Stands::Answering => self.limits.stalled,
                Stands::Working => return true,
            };
            if since.elapsed() <= most {
                return true;
            }
            metrics::counter!("http_connections_cut_total").increment(1);
            let _ = visit.socket.shutdown(Shutdown::Both);
            false
        });
    }

    fn leave(&self, address: IpAddr) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = inside.get_mut(&address) {
            *held = held.saturating_sub(1);
            if *held == 0 {
                inside.remove(&address);
            }
        }
    }
}

/// What a connection is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// For the head of a request.
    Waiting,
    /// A handler works on it.
    Working,
    /// The answer is being sent; each piece that gets through starts the time anew.
    Answering,
}

/// One connection.
pub struct Visit {
    socket: TcpStream,
    address: Option<IpAddr>,
    stands: Mutex<(Stands, Instant)>,
    turnstile: Arc<Turnstile>,
}

impl Visit {
    /// Notes that the connection has got on.
    pub fn now(&self, stands: Stands) {
        *self.stands.lock().unwrap_or_else(PoisonError::into_inner) = (stands, Instant::now());
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if let Some(address) = self.address {
            self.turnstile.leave(address);
        }
    }
}

/// The framework owns the connection and lends it for a moment; to close it later takes a handle of one's own.
#[cfg(unix)]
fn second_handle(stream: &actix_web::rt::net::TcpStream) -> std::io::Result<TcpStream> {
    use std::os::fd::AsFd as _;
    Ok(TcpStream::from(stream.as_fd().try_clone_to_owned()?))
}

#[cfg(not(unix))]
fn second_handle(stream: &actix_web::rt::net::TcpStream) -> std::io::Result<TcpStream> {
    use std::os::windows::io::AsSocket as _;
    Ok(TcpStream::from(stream.as_socket().try_clone_to_owned()?))
}
