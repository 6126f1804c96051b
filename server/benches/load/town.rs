//! A town large enough to be rated for seconds: the demo's, and on top of it many enterprises whose issues are copies
//! of the demo's open and closed ones. Made through the store, before the server under load starts.

use std::{collections::BTreeMap, net::SocketAddr, path::Path};

use anyhow::{Context, Result, ensure};
use qiyema_protocol::seal::CodeId;
use qiyema_server::{
    clock::{Clock, Ids, Timestamp},
    command::seed::demo,
    config::{Config, Flags},
    startup::assemble,
    store::{
        self,
        codes::{self, CodeRow},
        columns,
        connection::Db,
        enterprises::{self, EnterpriseRow},
        issues::{self, ClosureRow, IssueRow, Pick},
    },
    web::Shared,
};

/// Issues of an enterprise that are still open.
const OPEN: usize = 4;
/// Issues of an enterprise that are closed and not rated: with the open ones, a full page of the board.
const CLOSED: usize = 16;

/// What can be asked of the town, as lines for wrk.
pub(crate) struct Town {
    /// The board of every enterprise as JSON.
    pub(crate) scans: Vec<String>,
    /// The same as pages.
    pub(crate) pages: Vec<String>,
    /// A rating of every closure.
    pub(crate) ratings: Vec<String>,
}

/// What the server is told; everything else is as shipped.
pub(crate) fn settings(
    address: SocketAddr,
    folder: &Path,
    database: Option<String>,
) -> Vec<(String, String)> {
    let mut settings = vec![
        ("http.listen".to_owned(), address.to_string()),
        ("paths.data".to_owned(), folder.join("data").display().to_string()),
        // All requests come from one address.
        ("limits.scans_per_minute".to_owned(), "60000000".to_owned()),
        ("limits.ratings_per_minute".to_owned(), "60000000".to_owned()),
    ];
    settings.extend(database.map(|url| ("database.url".to_owned(), url)));
    settings
}

/// The same settings as `QIYEMA_…` variables.
pub(crate) fn environment(settings: &[(String, String)]) -> BTreeMap<String, String> {
    let name = |key: &str| format!("QIYEMA_{}", key.replace('.', "_").to_ascii_uppercase());
    settings.iter().map(|(key, value)| (name(key), value.clone())).collect()
}

/// Fills an empty database.
pub(crate) fn build(settings: &[(String, String)], number: u32) -> Result<Town> {
    let config = Config::load(&Flags { file: None, settings: settings.to_vec() }, &BTreeMap::new())?;
    let host = assemble::host(&config, config.http.listen.port())?;
    let shared = assemble::assemble(config, &Clock::System, host, true)?;
    let at = shared.clock.now();
    demo::fill(&shared, at)?;
    let mut db = shared.store.connection()?;
    let mut town = Town { scans: Vec::new(), pages: Vec::new(), ratings: Vec::new() };
    store::transaction(&mut db, |db| {
        let models = Models::find(db, &shared, at)?;
        for number in 0..number {
            enterprise(db, &shared, &models, number, at, &mut town)?;
        }
        Ok::<_, anyhow::Error>(())
    })?;
    Ok(town)
}

/// Issues of the demo to copy.
struct Models {
    enterprise: EnterpriseRow,
    open: Vec<IssueRow>,
    closed: Vec<(IssueRow, ClosureRow)>,
}

impl Models {
    fn find(db: &mut Db, shared: &Shared, at: Timestamp) -> Result<Self> {
        let today = shared.rules().day(at);
        let all = enterprises::search(db, "", 100)?;
        let enterprise = all.first().cloned().context("the demo has no enterprise")?;
        let (mut open, mut closed) = (Vec::new(), Vec::new());
        for one in all {
            let mut all = issues::board(db, &one.id, &Pick::Open(0, 100))?;
            all.extend(issues::board(db, &one.id, &Pick::Settled(0, 100))?);
            for shown in all {
                match (shown.issue.state.as_str(), shown.closure) {
                    ("in_progress", None) => open.push(shown.issue),
                    ("closed", Some(closure)) if closure.rate_until > today => {
                        closed.push((shown.issue, closure));
                    }
                    _ => {}
                }
            }
        }
        ensure!(!open.is_empty() && !closed.is_empty(), "the demo has no issue to copy");
        Ok(Self { enterprise, open, closed })
    }
}

fn enterprise(
    db: &mut Db,
    shared: &Shared,
    models: &Models,
    number: u32,
    at: Timestamp,
    town: &mut Town,
) -> Result<()> {
    let id = Ids.row();
    let uscc = format!("LOAD{number:014}");
    enterprises::insert(db, &EnterpriseRow { id: id.clone(), uscc, ..models.enterprise.clone() })?;
    let code = CodeId(Ids.bytes()?);
    let row = CodeRow {
        id: code.to_string(),
        enterprise_id: id.clone(),
        kid: i32::from(shared.trust.keys.now().signer.kid()),
        issued_at: columns::column(at),
        issued_by: "load".to_owned(),
    };
    codes::insert(db, &row)?;
    let segment = shared.trust.keys.now().signer.seal(&shared.trust.host, code)?.segment();
    town.scans.push(format!("GET /api/v1/scans/{segment}"));
    town.pages.push(format!("GET /c/{segment}"));
    for (turn, model) in models.open.iter().cycle().take(OPEN).enumerate() {
        let number = format!("LOAD{number:05}-{turn:02}");
        let row = IssueRow { id: Ids.row(), enterprise_id: id.clone(), number, ..model.clone() };
        issues::insert(db, &row)?;
    }
    for (turn, (issue, closure)) in models.closed.iter().cycle().take(CLOSED).enumerate() {
        let number = format!("LOAD{number:05}-{:02}", OPEN + turn);
        let row = IssueRow {
            id: Ids.row(),
            enterprise_id: id.clone(),
            number: number.clone(),
            closure_id: Some(Ids.row()),
            ..issue.clone()
        };
        issues::insert(db, &row)?;
        let closure = ClosureRow {
            id: row.closure_id.unwrap_or_default(),
            enterprise_id: id.clone(),
            issue_id: row.id,
            ..closure.clone()
        };
        issues::close(db, &closure)?;
        let verdict = if turn % 4 == 0 { "bad" } else { "good" };
        let place = format!("/api/v1/scans/{segment}/issues/{number}/ratings");
        town.ratings.push(format!("POST {place} {{\"verdict\":\"{verdict}\"}}"));
    }
    Ok(())
}
