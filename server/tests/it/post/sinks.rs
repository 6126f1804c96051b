//! The other side: a web server and a mail server that answer as the test says.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU16, Ordering},
    },
};

/// A request that came in.
#[derive(Debug, Clone)]
pub struct Call {
    headers: Vec<(String, String)>,
    pub body: String,
    /// What was answered; 0 for a connection that was closed.
    pub answered: u16,
}

impl Call {
    pub fn header(&self, name: &str) -> String {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.unwrap_or_else(|| panic!("no {name} in {:?}", self.headers)).1.clone()
    }
}

/// A web server of one's own.
pub struct Receiver {
    port: u16,
    status: Arc<AtomicU16>,
    location: Arc<Mutex<String>>,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Receiver {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = Self {
            port: listener.local_addr().unwrap().port(),
            status: Arc::new(AtomicU16::new(200)),
            location: Arc::default(),
            calls: Arc::default(),
        };
        let (status, location, calls) = (own.status.clone(), own.location.clone(), own.calls.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (status, location, calls) = (status.clone(), location.clone(), calls.clone());
                std::thread::spawn(move || serve(&stream.unwrap(), &status, &location, &calls));
            }
        });
        own
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn answer(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// Reads the request, then closes without a word.
    pub fn hang_up(&self) {
        self.answer(0);
    }

    pub fn redirect(&self, to: &str) {
        to.clone_into(&mut self.location.lock().unwrap());
        self.answer(307);
    }

    pub fn seen(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

fn serve(stream: &TcpStream, status: &AtomicU16, location: &Mutex<String>, calls: &Mutex<Vec<Call>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let Some((key, value)) = line.trim_end().split_once(": ") else {
            if line.trim_end().is_empty() {
                break;
            }
            continue;
        };
        headers.push((key.to_owned(), value.to_owned()));
    }
    let length = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case("content-length"));
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    reader.read_exact(&mut body).unwrap();
    let answered = status.load(Ordering::SeqCst);
    calls.lock().unwrap().push(Call { headers, body: String::from_utf8(body).unwrap(), answered });
    if answered > 0 {
        let location = location.lock().unwrap();
        let head = format!(
            "HTTP/1.1 {answered} X\r\nContent-Length: 0\r\nConnection: close\r\nLocation: {location}\r\n\r\n"
        );
        let _gone = (&*stream).write_all(head.as_bytes());
    }
}

/// A mail server of one's own.
pub struct Mailbox {
    pub port: u16,
    refuses: Arc<AtomicBool>,
    letters: Arc<Mutex<Vec<String>>>,
}

impl Mailbox {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let own = Self {
            port: listener.local_addr().unwrap().port(),
            refuses: Arc::default(),
            letters: Arc::default(),
        };
        let (refuses, letters) = (own.refuses.clone(), own.letters.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (refuses, letters) = (refuses.clone(), letters.clone());
                std::thread::spawn(move || converse(&stream.unwrap(), &refuses, &letters));
            }
        });
        own
    }

    /// 451 to every letter.
    pub fn refuse(&self, refuses: bool) {
        self.refuses.store(refuses, Ordering::SeqCst);
    }

    pub fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }
}

fn converse(stream: &TcpStream, refuses: &AtomicBool, letters: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let say = |line: &str| {
        let _gone = (&*stream).write_all(format!("{line}\r\n").as_bytes());
    };
    say("220 sink");
    while let Some(line) = lines.next() {
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say("250-sink\r\n250 8BITMIME"),
            "DATA" if refuses.load(Ordering::SeqCst) => say("451 try again later"),
            "DATA" => {
                say("354 go on");
                let letter: Vec<String> = lines.by_ref().take_while(|line| line != ".").collect();
                letters.lock().unwrap().push(letter.join("\n"));
                say("250 taken");
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 fine"),
        }
    }
}
