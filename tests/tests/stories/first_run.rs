//! A centre in ten minutes: an empty server, the link that it prints, and from there
//! the screens alone, up to the first closure on an owner's phone. With
//! `QIYEMA_TEST_PICTURES=folder` the story leaves the pictures of docs/first-run.md there.

use std::{
    fs::File,
    path::PathBuf,
    process::{Command, Stdio},
    time::Instant,
};

use qiyema_e2e::{
    binaries::{self, Server},
    needs,
    postgres::Cluster,
};
use serde_json::json;
use tempfile::TempDir;

use crate::{
    browser::{Browser, axe, faults},
    hands::Seats,
    town::{BOTH, Database},
};

/// Nobody's; the rule asks for twelve characters that do not hold the name.
const PASSWORD: &str = "春风十里太湖水满青山绿树";

const CENTRE: &str = "湖州市企业综合服务中心";
const TELEPHONE: &str = "0572-5550000";

/// What an authenticator app does with a key.
const APP: &str = "import base64,hashlib,hmac,struct,sys,time\n\
    key = base64.b32decode(sys.argv[1])\n\
    mark = hmac.new(key, struct.pack('>Q', int(time.time()) // 30), hashlib.sha1).digest()\n\
    at = mark[-1] & 15\n\
    print('%06d' % ((struct.unpack('>I', mark[at:at+4])[0] & 0x7fffffff) % 1000000))";

/// A server that nobody has used yet.
struct Empty {
    base: String,
    link: String,
    _server: Server,
    _folder: TempDir,
}

impl Empty {
    fn on(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let address = binaries::free_address().unwrap();
        let base = format!("http://{address}");
        let mut settings = vec![
            ("QIYEMA_PATHS_DATA", folder.path().join("data").to_str().unwrap().to_owned()),
            ("QIYEMA_HTTP_LISTEN", address.to_string()),
            ("QIYEMA_HTTP_PUBLIC_URL", base.clone()),
        ];
        if database == Database::Postgres {
            settings.push(("QIYEMA_DATABASE_URL", Cluster::shared().unwrap().fresh().unwrap()));
            let mut migrate = Command::new(binaries::server().unwrap());
            let done = migrate.arg("migrate").envs(settings.clone()).stdout(Stdio::null()).status().unwrap();
            assert!(done.success());
        }
        let said = folder.path().join("said");
        let mut serve = Command::new(binaries::server().unwrap());
        serve.arg("serve").envs(settings).stderr(File::create(&said).unwrap());
        let server = Server::run(serve, address);
        let said = std::fs::read_to_string(said).unwrap();
        let server = server.unwrap_or_else(|error| panic!("{error}: {said}"));
        let link = said.split_whitespace().find(|word| word.contains("/console/setup/"));
        let link = link.unwrap_or_else(|| panic!("no link in: {said}")).to_owned();
        Self { base, link, _server: server, _folder: folder }
    }
}

/// One browser for the desks, one for the phone, and who sits where.
struct Centre {
    base: String,
    desk: Browser,
    phone: Browser,
    axe: String,
    seats: Seats,
    pictures: Option<PathBuf>,
    wrong: Vec<String>,
}

impl Centre {
    async fn open(base: &str, pictures: Option<PathBuf>) -> Self {
        let (desk, phone) = (Browser::open().await, Browser::open().await);
        desk.desk(1280, 800).await;
        let screen = json!({"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true});
        phone.tell("Emulation.setDeviceMetricsOverride", screen).await;
        let (axe, seats) = (axe(), Seats::default());
        Self { base: base.to_owned(), desk, phone, axe, seats, pictures, wrong: Vec::new() }
    }

    async fn go(&self, path: &str) {
        let join = if path.contains('?') { '&' } else { '?' };
        self.desk.go(&format!("{}{path}{join}lang=zh", self.base)).await;
    }

    /// Looks at the page that is open, and takes its picture if one is wanted.
    async fn look(&mut self, name: &str) {
        self.seen(name, false).await;
    }

    async fn seen(&mut self, name: &str, phone: bool) {
        let (browser, width) = if phone { (&self.phone, 390) } else { (&self.desk, 1280) };
        if let Some(folder) = &self.pictures
            && name.starts_with(|first: char| first.is_ascii_digit())
        {
            browser.script("scrollTo(0, 0); document.activeElement.blur()").await;
            let picture = browser.driver.screenshot_as_png().await.unwrap();
            std::fs::create_dir_all(folder).unwrap();
            std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
        }
        let found = faults(browser, &self.axe, width).await;
        self.wrong.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
    }

    /// Sends a form as somebody would who types these things.
    async fn send(&self, form: &str, typed: &[(&str, &str)]) {
        self.desk.enter(form, typed).await;
        self.desk.turn(&format!("{form} .actions button")).await;
    }

    async fn code_of_the_app(&self) -> String {
        let key = self.desk.find(".secret code").await.text().await.unwrap().replace(' ', "");
        let python = needs::program(needs::PYTHON).unwrap();
        let shown = Command::new(python).args(["-c", APP, &key]).output().unwrap();
        assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
        String::from_utf8(shown.stdout).unwrap().trim().to_owned()
    }

    /// The page after the password, for whom the role asks for a phone too.
    async fn enrols(&mut self, picture: &str) {
        self.desk.says("设置两步验证").await;
        self.look(picture).await;
        let code = self.code_of_the_app().await;
        self.send("main form", &[("code", &code)]).await;
        self.desk.says("请保存备用码").await;
        self.look("recovery codes").await;
        self.desk.turn("main a.button").await;
    }

    /// A unit with one office.
    async fn adds_unit(&mut self, unit: &str, office: &str, phone: &str, picture: &str) {
        self.desk.turn("nav.side a[href='/console/admin/units']").await;
        self.look("units").await;
        self.send("form#unit", &[("name_zh", unit)]).await;
        self.send("form#office", &[("name_zh", office), ("phone", phone)]).await;
        self.desk.says(office).await;
        self.look(picture).await;
    }

    /// A person, who opens the link and chooses a password.
    async fn adds_person(
        &mut self,
        (username, name, post): (&str, &str, &str),
        roles: &[&str],
        office: &str,
    ) {
        self.seats.take(&self.desk, "shenli").await;
        self.go("/console/admin/staff").await;
        self.look("people").await;
        self.desk.turn("main .head a.button").await;
        self.desk.enter("main form", &[("username", username), ("name", name), ("post", post)]).await;
        for role in roles {
            self.desk.enter("main form", &[("roles", role)]).await;
        }
        if !office.is_empty() {
            self.desk.choose_word("office", office).await;
        }
        self.look(if username == "lijg" { "5-new-person" } else { "new person" }).await;
        self.desk.turn("main form .actions button").await;
        let link = self.desk.find(".secret code").await.text().await.unwrap();
        self.look("the link of a person").await;

        assert!(!self.seats.take(&self.desk, username).await);
        self.desk.go(&format!("{link}?lang=zh")).await;
        self.look("choosing a password").await;
        self.send("main form", &[("new", PASSWORD), ("again", PASSWORD)]).await;
        if roles.contains(&"closure_reviewer") {
            self.enrols("a reviewer's second factor").await;
        }
        self.desk.find(".menu").await;
        self.look("a first day").await;
    }

    /// Somebody does one thing to the issue.
    async fn does(&mut self, who: &str, place: &str, noun: &str, typed: &[(&str, &str)]) {
        assert!(self.seats.take(&self.desk, who).await);
        self.go(place).await;
        let form = self.desk.unfold(noun).await;
        self.send(&form, typed).await;
        let here = self.desk.driver.current_url().await.unwrap().to_string();
        assert!(here.ends_with(&format!("?done={noun}")), "{noun}: {}", self.desk.body().await);
    }
}

async fn first_run(database: Database, pictures: Option<PathBuf>) {
    let begun = Instant::now();
    let empty = Empty::on(database);
    let mut centre = Centre::open(&empty.base, pictures).await;

    // The first administrator.
    centre.go("/").await;
    centre.seats.take(&centre.desk, "shenli").await;
    centre.desk.go(&format!("{}?lang=zh", empty.link)).await;
    centre.look("1-set-up").await;
    let first = [("name", "沈立"), ("username", "shenli"), ("password", "short"), ("again", "short")];
    centre.send("main form", &first).await;
    centre.look("a short password").await;
    centre.send("main form", &[("password", PASSWORD), ("again", PASSWORD)]).await;
    centre.enrols("2-second-factor").await;
    centre.desk.find(".menu").await;
    centre.look("3-home").await;
    centre.desk.says("还缺：发码员、受理员、分派员、经办人、审核员").await;
    centre.desk.go(&empty.link).await;
    centre.look("a used link").await;
    centre.go("/console").await;

    // What the centre is called, two units, and their people.
    centre.desk.turn("main a[href='/console/admin/settings']").await;
    centre.look("settings").await;
    centre.send("form#centre", &[("centre_name_zh", CENTRE), ("centre_phone", TELEPHONE)]).await;
    centre.send("form#guard", &[("office_networks", "10.20.0.0/16")]).await;
    centre.adds_unit("市住房和城乡建设局", "工程建设科", "0572-5551001", "4-unit").await;
    centre.adds_unit("市供电公司", "客户服务部", "0572-5551002", "a unit").await;
    let window = ["code_issuer", "intake_officer", "dispatcher"];
    centre.adds_person(("xuli", "徐丽", "受理员"), &window, "").await;
    centre.adds_person(("lijg", "李建国", "科长"), &["handler"], "工程建设科").await;
    centre.adds_person(("wangq", "王强", "主任"), &["handler", "unit_administrator"], "客户服务部").await;
    centre.adds_person(("sunhui", "孙慧", "审核员"), &["closure_reviewer"], "").await;

    centre.seats.take(&centre.desk, "shenli").await;
    centre.go("/console").await;
    centre.desk.says("各个环节都有人").await;
    centre.look("home with people").await;

    // An enterprise and its code.
    centre.seats.take(&centre.desk, "xuli").await;
    centre.go("/console").await;
    centre.desk.turn("nav.side a[href='/console/enterprises']").await;
    centre.desk.says("还没有登记企业").await;
    centre.look("no enterprise").await;
    centre.desk.turn("main .head a.button").await;
    let enterprise = [("name", "湖州青山精密机械有限公司"), ("uscc", "91330500MA2TEXT16M")];
    centre.send("main form", &enterprise).await;
    centre.look("an enterprise").await;
    centre.desk.turn("form#issue button").await;
    centre.look("6-code").await;
    let pin = centre.desk.find(".pin").await.text().await.unwrap();
    let seal = centre.desk.find(".panel p > code").await.text().await.unwrap();
    centre.desk.turn("p > a.button[href^='/console/enterprises/']").await;

    // The first issue.
    centre.desk.turn("main .head a.button[href^='/console/intake']").await;
    centre.look("registering").await;
    let issue = [
        ("channel", "hotline12345"),
        ("category", "power"),
        ("subject", "厂房用电增容"),
        ("body", "新生产线需增容200千伏安"),
        ("contact_name", "李四"),
        ("contact_phone", "13812348000"),
    ];
    centre.send("form#form", &issue).await;
    centre.desk.says("问题已登记").await;
    let place = centre.desk.driver.current_url().await.unwrap().path().to_owned();
    centre.does("xuli", &place, "acceptance", &[]).await;
    centre.desk.unfold("assignment").await;
    centre.desk.choose_word("unit", "市供电公司").await;
    centre.desk.choose_word("handler", "王强").await;
    centre.look("7-assigning").await;
    centre.desk.turn("form#assignment .actions button").await;
    centre.does("wangq", &place, "signature", &[]).await;
    centre.does("wangq", &place, "contact", &[("note", "已致电企业，由我承办")]).await;
    centre.does("wangq", &place, "result", &[("result", "resolved"), ("reply", "已完成增容送电")]).await;
    centre.does("sunhui", &place, "closure", &[]).await;
    centre.look("8-closed").await;

    // What the owner sees.
    centre.phone.go(&format!("{seal}?lang=zh&care=0")).await;
    centre.phone.says("请对本次办理结果作出评价").await;
    centre.seen("9-phone", true).await;
    let read = centre.phone.body().await;
    for words in ["市供电公司", "王主任", "0572-5551002", "已办结", "问题已办结", "已解决", CENTRE, TELEPHONE]
    {
        assert!(read.contains(words), "{words} is not in: {read}");
    }
    centre.phone.fill("#pin", &pin).await;
    centre.phone.turn("form[action*='/device'] button").await;
    centre.phone.says("验证成功").await;
    centre.seats.take(&centre.desk, "shenli").await;
    centre.go("/console").await;
    assert!(!centre.desk.body().await.contains("开始使用"), "nothing is left to do first");
    println!("{database:?}: a centre in {:.0} s", begun.elapsed().as_secs_f64());
    let wrong = centre.wrong;
    centre.desk.close().await;
    centre.phone.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_centre_in_ten_minutes_by_the_screens_alone() {
    let pictures = std::env::var_os("QIYEMA_TEST_PICTURES").map(PathBuf::from);
    for database in BOTH {
        let wanted = pictures.clone().filter(|_| database == Database::Sqlite);
        first_run(database, wanted).await;
    }
}
