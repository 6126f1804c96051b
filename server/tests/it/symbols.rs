//! A standing code drawn for paper: in a size that scans, and never with a trial address.

use qiyema_server::web::shared::Shared;
use serde_json::Value;

use crate::harness::{BOTH, Town};

struct Answer {
    status: u16,
    kind: String,
    body: Vec<u8>,
}

impl Answer {
    fn problem(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

async fn draw(town: &Town, who: &str, file: &str) -> Answer {
    let url = town.url(&format!("/api/v1/staff/codes/{}/symbol.{file}", town.seeded.code));
    let asked = crate::harness::client().get(url).bearer_auth(town.token(who).await);
    let answer = asked.send().await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap().to_owned();
    Answer { status: answer.status().as_u16(), kind, body: answer.bytes().await.unwrap().to_vec() }
}

/// What an independent reader finds in a PNG.
fn read(file: &[u8]) -> (u32, String) {
    let grey = image::load_from_memory(file).unwrap().to_luma8();
    let width = grey.width();
    (width, rqrr::PreparedImage::prepare(grey).detect_grids()[0].decode().unwrap().1)
}

fn text(town: &Town, shared: &Shared) -> String {
    format!("{}/C/{}", shared.trust.host.origin(), town.seal).to_uppercase()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_drawn_for_paper_in_a_size_that_scans_or_refused_with_the_remedy() {
    for database in BOTH {
        let town = Town::with(database, &[("http.public_url", "https://qy.example.cn")]);
        let printed = draw(&town, "code_issuer", "png?mm=30&dpi=600").await;
        assert_eq!((printed.status, printed.kind.as_str()), (200, "image/png"));
        assert_eq!(read(&printed.body), (49 * 14, text(&town, &town.shared)), "14 dots a module: 29.04 mm");
        let drawn = draw(&town, "code_issuer", "svg?mm=30").await;
        let drawn = String::from_utf8(drawn.body).unwrap();
        assert!(drawn.contains("width=\"30mm\""), "{}", &drawn[..200]);
        let least = String::from_utf8(draw(&town, "code_issuer", "svg?mm=19.6").await.body).unwrap();
        assert!(least.contains("width=\"19.6mm\""), "{database}: {}", &least[..200]);

        for (asked, field, remedy) in [
            ("png?mm=18", "mm", "19.6 mm"),
            ("svg?mm=18", "mm", "19.6 mm"),
            ("svg?mm=19.59", "mm", "19.6 mm"),
            ("png?mm=9", "mm", "between 10 and 500"),
            ("png?mm=30&dpi=71", "dpi", "between 72 and 2400"),
            ("png?mm=20&dpi=100", "dpi", "raise dpi or mm"),
            ("png?mm=500&dpi=2400", "dpi", "lower dpi"),
        ] {
            let refused = draw(&town, "code_issuer", asked).await;
            let problem = refused.problem();
            assert_eq!((refused.status, &problem["code"]), (422, &"invalid_input".into()), "{asked}");
            assert_eq!(problem["errors"][0]["field"], field, "{problem}");
            assert!(problem["errors"][0]["detail"]["en"].as_str().unwrap().contains(remedy), "{problem}");
        }
        assert_eq!(draw(&town, "code_issuer", "png?width=30").await.status, 422, "no such question");
        assert_eq!(draw(&town, "dispatcher", "png?mm=30").await.status, 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_to_a_trial_address_is_printed_only_when_told_so() {
    let town = Town::on("sqlite");
    let screen = draw(&town, "code_issuer", "png").await;
    assert_eq!((screen.status, read(&screen.body).1), (200, text(&town, &town.shared)));
    let refused = draw(&town, "code_issuer", "png?mm=40").await;
    assert_eq!((refused.status, &refused.problem()["code"]), (409, &"public_url_unset".into()));
    let told = draw(&town, "code_issuer", "png?mm=40&trial=true").await;
    assert_eq!((told.status, read(&told.body).1), (200, text(&town, &town.shared)));
}
