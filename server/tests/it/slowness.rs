//! Real slow clients: none holds a connection for long, and an honest reader of a
//! slow line gets its answer whole.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::harness::serve;

/// The largest answer the server has, and how often it is asked for at once: the
/// kernel alone buffers several megabytes.
const LARGE: (&str, usize) = ("/docs/swagger-ui-bundle.js", 10);

fn connect(base: &str) -> TcpStream {
    let line = TcpStream::connect(base.trim_start_matches("http://")).unwrap();
    line.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    line
}

fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n").into_bytes()
}

/// Asks for the version and reads the whole answer.
fn serves(line: &mut TcpStream) -> bool {
    let (mut text, mut byte) = (Vec::new(), [0]);
    let mut alive = line.write_all(&get("/version")).is_ok();
    while alive && !text.ends_with(b"}") {
        alive = line.read_exact(&mut byte).is_ok();
        text.push(byte[0]);
    }
    alive && text.starts_with(b"HTTP/1.1 200")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_head_that_drips_is_cut_off() {
    let base = serve(&[("http.head_seconds", "1"), ("http.keep_alive_seconds", "1")], Ok(()));
    let mut line = connect(&base);
    assert!(serves(&mut line));
    let began = Instant::now();
    let cut = get("/version").into_iter().chain(std::iter::repeat(b'x')).take(40).position(|byte| {
        std::thread::sleep(Duration::from_millis(250));
        line.write_all(&[byte]).is_err()
    });
    assert!(cut.is_some() && began.elapsed() < Duration::from_secs(6), "{cut:?} {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_does_not_read_is_cut_off_and_a_slow_one_is_not() {
    let base = serve(&[("http.stall_seconds", "2")], Ok(()));
    let whole = crate::harness::get(format!("{base}{}", LARGE.0)).await.unwrap().bytes().await.unwrap().len();
    let whole = whole * LARGE.1;
    let read = async |pause: Duration, first: Duration| {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(8 * 1024).unwrap();
        let address = base.trim_start_matches("http://").parse().unwrap();
        let mut line = socket.connect(address).await.unwrap();
        line.write_all(&get(LARGE.0).repeat(LARGE.1)).await.unwrap();
        tokio::time::sleep(first).await;
        let (mut got, mut piece) = (0, vec![0; 64 * 1024]);
        while let Ok(Ok(n @ 1..)) = tokio::time::timeout(Duration::from_secs(3), line.read(&mut piece)).await
        {
            got += n;
            tokio::time::sleep(pause).await;
        }
        got
    };
    let (stalled, slow) = tokio::join!(
        read(Duration::ZERO, Duration::from_secs(6)),
        read(Duration::from_millis(20), Duration::ZERO)
    );
    assert!(stalled < whole, "who did not read for six seconds got {stalled} of {whole}");
    assert!(slow > whole, "who read slowly got {slow} of {whole} and the heads");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_address_holds_so_many_connections_and_no_more() {
    let base = serve(&[("http.connections_per_address", "3")], Ok(()));
    let mut held: Vec<TcpStream> = (0..3).map(|_| connect(&base)).collect();
    assert!(held.iter_mut().all(serves));
    assert!(!serves(&mut connect(&base)), "a fourth is turned away");
    held.pop();
    std::thread::sleep(Duration::from_millis(300));
    assert!(serves(&mut connect(&base)), "one left, one may come");
    assert!(held.iter_mut().all(serves), "and the others stay");
}
