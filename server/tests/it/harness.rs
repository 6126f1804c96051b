//! A server on a free port, over a fresh database of the demo's town, with
//! settings of the test's own.

use std::{collections::BTreeMap, sync::Arc};

use qiyema_e2e::postgres::Cluster;
use qiyema_server::{
    actions::{
        figures::keep::{self, Recounted},
        job::{self, Job},
        rights::Actor,
    },
    clock::Clock,
    command::seed::{
        self,
        demo::{self, Seeded},
    },
    config::{Config, Flags},
    domain::figures::{book::Dimension, formula},
    startup::{Application, assemble, jobs::Runner},
    store::{columns::unword, connection::Db, figures::sums, staff},
    web::Shared,
};
use serde_json::Value;

mod template;

use template::Template;

/// The databases every story is played on.
pub const BOTH: [&str; 2] = ["sqlite", "postgres"];

/// A running server and what is inside it.
pub struct Town {
    /// Base URL.
    pub base: String,
    /// What the handlers share.
    pub shared: Shared,
    /// What the demo printed.
    pub seeded: Seeded,
    /// Path segment of the first enterprise's seal.
    pub seal: String,
    /// URL of the database.
    pub database: String,
    _folder: tempfile::TempDir,
}

impl Town {
    /// A town on a database of its own.
    pub fn on(database: &str) -> Self {
        Self::with(database, &[])
    }

    /// The same with settings of the test's own.
    pub fn with(database: &str, settings: &[(&str, &str)]) -> Self {
        Self::at(database, settings, &Clock::System)
    }

    /// A town with so many more issues of the last twelve months.
    pub fn with_past(database: &str, past: usize) -> Self {
        // Ratings of long ago may be appealed against, so that there are appeals.
        Self::grown(database, &[("workflow.file_appeal", "1000")], &Clock::System, past)
    }

    /// The same at a time of the test's own.
    pub fn at(database: &str, settings: &[(&str, &str)], clock: &Clock) -> Self {
        Self::grown(database, settings, clock, 0)
    }

    fn grown(database: &str, settings: &[(&str, &str)], clock: &Clock, past: usize) -> Self {
        let like = template::of(database, settings, clock, past);
        let url = match (database, &like) {
            ("postgres", Some(like)) => like.database(),
            ("postgres", None) => Some(Cluster::shared().unwrap().fresh().unwrap()),
            _ => None,
        };
        let (shared, listener, folder) = assemble_with(settings, url.clone(), clock, like.as_deref());
        let database =
            url.unwrap_or_else(|| format!("sqlite:{}", folder.path().join("data/qiyema.db").display()));
        let seeded = match like {
            Some(like) => like.seeded(),
            None => demo::fill_with(&shared, shared.clock.now(), past).unwrap(),
        };
        let seal = shared.trust.keys.now().signer.seal(&shared.trust.host, seeded.code).unwrap().segment();
        let base = run(shared.clone(), listener);
        Self { base, shared, seeded, seal, database, _folder: folder }
    }

    /// A server whose database is empty: nobody is there yet.
    pub fn empty(database: &str) -> (String, Shared, tempfile::TempDir) {
        let url = match database {
            "postgres" => Some(Cluster::shared().unwrap().fresh().unwrap()),
            _ => None,
        };
        let (shared, listener, folder) = assemble_with(&[], url, &Clock::System, None);
        seed::directory(&mut shared.store.connection().unwrap()).unwrap();
        (run(shared.clone(), listener), shared, folder)
    }

    /// Sends JSON as this person: status and answer.
    pub async fn send(&self, who: &str, method: &str, path: &str, body: Value) -> (u16, Value) {
        let token = self.token(who).await;
        let asked = client().request(method.parse().unwrap(), self.url(path)).bearer_auth(token).json(&body);
        let answer = asked.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// What has happened is in the log and in the figures, as after the jobs have looked.
    pub async fn count(&self) {
        // A runner of its own has not the lease of the one before.
        let later = self.shared.clock.now() + chrono::TimeDelta::hours(1);
        let runner = Runner::new(&self.shared).unwrap();
        for job in [Job::Ledger, Job::Figures] {
            while runner.look(job).await.unwrap() {}
            let mut db = self.shared.store.connection().unwrap();
            job::take(&mut db, job, "", later, chrono::TimeDelta::hours(-2)).unwrap();
        }
    }

    /// Counts all figures again from what happened; gives what differs from the sums that are kept.
    pub fn recount(&self) -> Recounted {
        let mut db = self.shared.store.connection().unwrap();
        keep::recount(&mut db, None, &self.shared.rules(), self.shared.clock.now()).unwrap()
    }

    /// Sums in which received = counted + unverified + superseded + excluded does not hold.
    pub fn unbalanced(&self) -> Vec<String> {
        let mut db = self.shared.store.connection().unwrap();
        let always = ("2000-01-01".parse().unwrap(), "2199-12-31".parse().unwrap());
        let mut wrong = Vec::new();
        for dimension in Dimension::ALL {
            for (day, member, sums) in sums::between(&mut db, sums::DAY, dimension, always).unwrap() {
                let r = formula::received(&sums, always.1);
                if r.received != r.counted + r.unverified + r.superseded + r.excluded {
                    wrong.push(format!("{day} {dimension:?} {member}: {r:?}"));
                }
            }
        }
        wrong
    }

    /// A path below the base URL.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A staff access token.
    pub async fn token(&self, username: &str) -> String {
        let body = serde_json::json!({ "username": username, "password": self.seeded.password });
        let answer = client().post(self.url("/api/v1/staff/sessions")).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        let session: serde_json::Value = answer.json().await.unwrap();
        session["access_token"].as_str().unwrap().to_owned()
    }
}

/// A client of the tests' own servers, which speak HTTP: reading the machine's authorities takes longer than asking.
pub fn client() -> reqwest::Client {
    plain().build().unwrap()
}

/// The same, with more to say.
pub fn plain() -> reqwest::ClientBuilder {
    reqwest::Client::builder().tls_certs_only([])
}

/// Gets it without saying who asks.
pub async fn get(url: impl reqwest::IntoUrl) -> reqwest::Result<reqwest::Response> {
    client().get(url).send().await
}

/// Starts a server with these settings and gives its base URL.
pub fn serve(settings: &[(&str, &str)], ready: Result<(), String>) -> String {
    let (mut shared, listener, folder) = assemble_with(settings, None, &Clock::System, None);
    shared.ready = Arc::new(move || ready.clone());
    // The folder lives as long as the test's process: the server never ends before it.
    std::mem::forget(folder);
    run(shared, listener)
}

fn assemble_with(
    settings: &[(&str, &str)],
    database: Option<String>,
    clock: &Clock,
    like: Option<&Template>,
) -> (Shared, std::net::TcpListener, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    if let Some(like) = like {
        like.copy(&folder.path().join("data"));
    }
    let mut all = vec![
        ("http.listen".to_owned(), "127.0.0.1:0".to_owned()),
        ("http.workers".into(), "1".into()),
        ("paths.data".into(), folder.path().join("data").display().to_string()),
    ];
    all.extend(database.map(|url| ("database.url".to_owned(), url)));
    all.extend(settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    let config = Config::load(&Flags { file: None, settings: all }, &BTreeMap::new()).unwrap();
    let listener = assemble::bind(&config).unwrap();
    let host = assemble::host(&config, listener.local_addr().unwrap().port()).unwrap();
    let shared = assemble::assemble(config, clock, host, true).unwrap();
    (shared, listener, folder)
}

fn run(shared: Shared, listener: std::net::TcpListener) -> String {
    let (told, port) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let application = Application::build(&shared, listener).unwrap();
            told.send(application.port()).unwrap();
            application.run_until_stopped().await.unwrap();
        });
    });
    format!("http://127.0.0.1:{}", port.recv().unwrap())
}

/// Somebody of the demo.
pub fn actor(db: &mut Db, username: &str) -> Actor {
    let person = staff::by_username(db, username).unwrap().unwrap();
    Actor {
        id: person.row.id,
        username: person.row.username,
        name: person.row.name,
        roles: person.roles.iter().map(|role| unword(role).unwrap()).collect(),
        units: person.units,
        session: String::new(),
        scopes: vec![],
        channel: None,
    }
}
