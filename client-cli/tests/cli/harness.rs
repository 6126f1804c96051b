//! What the stories need: a home of their own, a signer, and a small server that
//! answers what it was told and remembers what it was asked.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::Output,
    sync::{Arc, Mutex},
    thread,
};

use assert_cmd::Command;
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use jsonwebtoken::{Algorithm, EncodingKey, Header, crypto};
use qiyema_protocol::{
    keyring::{Jwk, Jwks},
    revocation::{REVOCATION_TYP, RevocationClaims},
    seal::{CodeId, HEAD_BYTES, Host, Seal, message},
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// RFC 8032, test 1: a key that everybody knows.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

/// A configuration folder and the commands run in it.
pub struct Home {
    pub folder: TempDir,
}

/// What a command left behind.
pub struct Ran {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A home that trusts the test key for an origin.
    pub fn trusting(origin: &str) -> Self {
        let home = Self::new();
        let path = home.file("jwks.json", &serde_json::to_vec(&jwks()).unwrap());
        let ran = home.run(&["keys", "trust", origin, "--jwks", path.to_str().unwrap(), "--yes"]);
        assert_eq!(ran.exit, 0, "{}", ran.err);
        home
    }

    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn config(&self, name: &str) -> PathBuf {
        self.folder.path().join("config").join(name)
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.feed(args, "")
    }

    pub fn feed(&self, args: &[&str], stdin: &str) -> Ran {
        self.call(&[], args, stdin)
    }

    /// With these variables of the environment.
    pub fn with(&self, set: &[(&str, &str)], args: &[&str]) -> Ran {
        self.call(set, args, "")
    }

    fn call(&self, set: &[(&str, &str)], args: &[&str], stdin: &str) -> Ran {
        let mut command = Command::cargo_bin("qiyema").unwrap();
        for name in ["QIYEMA_SERVER", "QIYEMA_TOKEN", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command.env("QIYEMA_CONFIG_DIR", self.folder.path().join("config")).env("LC_ALL", "zh_CN.UTF-8");
        command.envs(set.iter().copied());
        let Output { status, stdout, stderr } = command.args(args).write_stdin(stdin).output().unwrap();
        Ran {
            exit: status.code().unwrap(),
            out: String::from_utf8(stdout).unwrap(),
            err: String::from_utf8(stderr).unwrap(),
        }
    }
}

fn key() -> EncodingKey {
    let mut der = HEXLOWER.decode(b"302e020100300506032b657004220420").unwrap();
    der.extend(HEXLOWER.decode(SEED.as_bytes()).unwrap());
    EncodingKey::from_ed_der(&der)
}

pub fn jwks() -> Jwks {
    let public: [u8; 32] = HEXLOWER.decode(PUBLIC.as_bytes()).unwrap().try_into().unwrap();
    Jwks { keys: vec![Jwk::ed25519(1, &public)], retired: vec![] }
}

/// A freshly signed seal.
pub fn seal(origin: &str, code: [u8; 10]) -> Seal {
    let mut head = [0; HEAD_BYTES];
    head[..2].copy_from_slice(&[1, 1]);
    head[2..].copy_from_slice(&code);
    let host = Host::from_origin(origin).unwrap();
    let signature = crypto::sign(&message(&host, &head), &key(), Algorithm::EdDSA).unwrap();
    let mut bytes = [0; 76];
    bytes[..HEAD_BYTES].copy_from_slice(&head);
    bytes[HEAD_BYTES..].copy_from_slice(&BASE64URL_NOPAD.decode(signature.as_bytes()).unwrap());
    Seal::from_bytes(bytes)
}

/// The text of a freshly signed code.
pub fn code(origin: &str) -> String {
    seal(origin, *b"0123456789").text(&Host::from_origin(origin).unwrap())
}

/// A receipt signed with the test key.
pub fn receipt(issuer: &str, typ: &str) -> String {
    let header =
        Header { typ: Some(typ.to_owned()), kid: Some("1".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let claims = json!({"iss": issuer, "sub": "r1", "issue": "Q20261124-0007", "closure": "c1",
        "verdict": "good", "tier": "owner", "digest": "00", "iat": 1_795_500_000});
    jsonwebtoken::encode(&header, &claims, &key()).unwrap()
}

/// A list of revoked codes signed with the test key.
pub fn list(origin: &str, iat: i64, ended: &[[u8; 10]], suspended: &[[u8; 10]]) -> String {
    let header = Header {
        typ: Some(REVOCATION_TYP.to_owned()),
        kid: Some("1".to_owned()),
        ..Header::new(Algorithm::EdDSA)
    };
    let ids = |codes: &[[u8; 10]]| codes.iter().map(|code| CodeId(*code)).collect();
    let host = Host::from_origin(origin).unwrap();
    let claims = RevocationClaims::new(&host, iat, &ids(ended), &ids(suspended));
    jsonwebtoken::encode(&header, &claims, &key()).unwrap()
}

/// The symbols of some texts beside each other as PNG.
pub fn png_of(texts: &[&str]) -> Vec<u8> {
    let size = 400;
    let count = u32::try_from(texts.len()).unwrap();
    let mut picture = image::GrayImage::from_pixel(size * count, size, image::Luma([255]));
    for (at, text) in (0..).zip(texts) {
        let symbol =
            qrcode::QrCode::new(text).unwrap().render::<image::Luma<u8>>().module_dimensions(6, 6).build();
        image::imageops::overlay(&mut picture, &symbol, i64::from(at * size), 20);
    }
    encoded(&picture)
}

fn encoded(picture: &image::GrayImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The symbol of a text as PNG.
pub fn png(text: &str) -> Vec<u8> {
    encoded(&qrcode::QrCode::new(text).unwrap().render::<image::Luma<u8>>().module_dimensions(6, 6).build())
}

/// One request as the server saw it.
#[derive(Debug, Clone)]
pub struct Asked {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

type Answers = Arc<Mutex<Vec<(String, u16, Value)>>>;

/// A server with canned answers.
pub struct Server {
    pub origin: String,
    answers: Answers,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let (answers, asked) = (Answers::default(), Arc::<Mutex<Vec<Asked>>>::default());
        let (told, log) = (Arc::clone(&answers), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), &told, &log);
            }
        });
        Self { origin, answers, asked }
    }

    /// Answers a request whose line begins so; the longest beginning wins. Several answers to one
    /// beginning are used up in turn; the last one stays.
    pub fn answer(&self, line: &str, status: u16, body: Value) -> &Self {
        self.answers.lock().unwrap().push((line.to_owned(), status, body));
        self
    }

    /// Answers plain text from now on.
    pub fn text(&self, line: &str, text: String) -> &Self {
        let mut answers = self.answers.lock().unwrap();
        answers.retain(|answer| answer.0 != line);
        answers.push((line.to_owned(), 200, Value::String(text)));
        drop(answers);
        self
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.asked().into_iter().map(|a| a.line).collect()
    }
}

fn serve(stream: TcpStream, answers: &Answers, asked: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(stream);
    let mut next = || {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    };
    let line = next().trim_end_matches(" HTTP/1.1").to_owned();
    let mut headers = Vec::new();
    while let Some((name, value)) = next().split_once(": ") {
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let length = headers.iter().find(|(n, _)| n == "content-length").map_or(0, |(_, v)| v.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    asked.lock().unwrap().push(Asked { line: line.clone(), headers, body });
    let (status, answer) = {
        let mut answers = answers.lock().unwrap();
        let longest = answers.iter().filter(|a| line.starts_with(&a.0)).map(|a| a.0.len()).max();
        let fits = |a: &(String, u16, Value)| line.starts_with(&a.0) && Some(a.0.len()) == longest;
        let fitting: Vec<usize> =
            answers.iter().enumerate().filter(|(_, a)| fits(a)).map(|(i, _)| i).collect();
        match fitting.as_slice() {
            [] => (404, problem(404, "not_found")),
            [only] => (answers[*only].1, answers[*only].2.clone()),
            [first, ..] => {
                let (_, status, body) = answers.remove(*first);
                (status, body)
            }
        }
    };
    let text = match &answer {
        Value::Null => String::new(),
        Value::String(text) if status == 200 => text.clone(),
        other => other.to_string(),
    };
    let length = text.len();
    let location =
        answer.as_str().filter(|_| status != 200).map(|to| format!("location: {to}\r\n")).unwrap_or_default();
    let head = format!(
        "HTTP/1.1 {status} X\r\n{location}content-length: {length}\r\nconnection: close\r\n\r\n{text}"
    );
    reader.into_inner().write_all(head.as_bytes()).unwrap();
}

/// A problem document.
pub fn problem(status: u16, code: &str) -> Value {
    json!({"type": format!("urn:qiyema:problem:{code}"), "title": code, "status": status, "code": code,
        "detail": {"zh": "说明", "en": "detail"}})
}
