//! The first run: a link that works once, the first administrator, and a centre
//! with two units set up from the pages alone.

use chrono::TimeDelta;
use qiyema_server::{command::staff::setup_link, secrets::totp};

use crate::{
    console::{Browser, place},
    harness::{BOTH, Town},
};

const PASSWORD: &str = "湖水青青草木深春风十里";

fn secret(page: &str) -> Vec<u8> {
    let written = page.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    totp::read(written).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_comes_in_by_a_link_that_works_once() {
    for database in BOTH {
        let (base, shared, _folder) = Town::empty(database);
        let now = shared.clock.now();
        let link = |at| {
            let mut db = shared.store.connection().unwrap();
            setup_link(&mut db, &shared.rules(), "", at).unwrap()
        };
        let mut browser = Browser::stranger(&base);
        let late = link(now - TimeDelta::hours(25));
        assert_eq!(browser.get(&late).await.status(), 410, "a day is over");
        let older = link(now);
        let link = link(now);
        assert_eq!(browser.get(&older).await.status(), 410, "a newer one was made");
        assert_eq!(browser.get("/console/setup/guessed").await.status(), 410);
        assert_eq!(browser.get(&link).await.status(), 200);
        let form = |password: &'static str, again: &'static str| {
            [("name", "沈立"), ("username", "shenli"), ("password", password), ("again", again)]
        };
        for (bad, again) in
            [("short", "short"), ("shenli-shenli-1", "shenli-shenli-1"), (PASSWORD, "another one")]
        {
            let refused = browser.knock(&link, &form(bad, again)).await;
            assert_eq!(refused.status(), 422, "{bad}");
            let page = refused.text().await.unwrap();
            assert!(page.contains("value=\"shenli\"") && !page.contains(bad), "{page}");
        }
        let made = browser.knock(&link, &form("correct horse battery", "correct horse battery")).await;
        assert_eq!(made.status(), 303, "{}", made.text().await.unwrap());
        assert!(place(&made).starts_with("/console/sign-in/enrolment"), "{}", place(&made));
        browser.keep(&made);
        assert_eq!(browser.get(&link).await.status(), 410, "used");
        assert_eq!(browser.get("/console/admin/staff").await.status(), 303, "nothing opens before enrolment");
        let page = browser.page("/console/sign-in/enrolment").await;
        assert!(page.contains("<svg"));
        let key = secret(&page);
        let wrong = browser.knock("/console/sign-in/enrolment", &[("code", "000000")]).await;
        assert_eq!(wrong.status(), 401);
        let code = totp::shown(&key, shared.clock.now());
        let done = browser.knock("/console/sign-in/enrolment", &[("code", &code)]).await;
        assert_eq!(done.status(), 200);
        let before = browser.cookie.clone();
        browser.keep(&done);
        assert_ne!(before, browser.cookie, "another token once fully in");
        let codes = done.text().await.unwrap();
        assert_eq!(codes.matches("<code>").count(), 10);
        assert_eq!(browser.get("/console/admin/staff").await.status(), 200);
        let mut db = shared.store.connection().unwrap();
        let again = setup_link(&mut db, &shared.rules(), "", now).unwrap_err().to_string();
        assert!(again.contains("administrator already"), "{again}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_centre_with_two_units_is_set_up_from_the_pages_alone() {
    let (base, shared, _folder) = Town::empty("sqlite");
    let link = {
        let mut db = shared.store.connection().unwrap();
        setup_link(&mut db, &shared.rules(), "", shared.clock.now()).unwrap()
    };
    let mut admin = Browser::stranger(&base);
    let first = [
        ("name", "沈立"),
        ("username", "shenli"),
        ("password", "correct horse battery"),
        ("again", "correct horse battery"),
    ];
    let made = admin.knock(&link, &first).await;
    admin.keep(&made);
    let key = secret(&admin.page("/console/sign-in/enrolment").await);
    let code = totp::shown(&key, shared.clock.now());
    let done = admin.knock("/console/sign-in/enrolment", &[("code", &code)]).await;
    admin.keep(&done);
    let (units, people) = ("/console/admin/units", "/console/admin/staff/new");
    let mut offices = Vec::new();
    for (unit, office) in [("市住建局", "工程科"), ("市供电公司", "营销部")] {
        let fields = [("name_zh", unit), ("name_en", ""), ("position", "1")];
        let made = admin.post(units, units, &fields).await;
        assert_eq!(made.status(), 303, "{}", made.text().await.unwrap());
        let unit = place(&made).split('?').next().unwrap().to_owned();
        let fields = [("name_zh", office), ("name_en", ""), ("position", "0"), ("phone", "0572-5550001")];
        let made = admin.post(&unit, &format!("{unit}/offices"), &fields).await;
        assert_eq!(made.status(), 303, "{}", made.text().await.unwrap());
        let page = admin.page(&unit).await;
        offices.push(
            page.split("/console/admin/offices/").nth(1).unwrap().split('"').next().unwrap().to_owned(),
        );
    }
    let staff = [
        ("xuli", "徐丽", vec!["intake_officer", "dispatcher"], ""),
        ("lijg", "李建国", vec!["handler"], offices[0].as_str()),
        ("wangq", "王强", vec!["handler", "unit_administrator"], offices[1].as_str()),
    ];
    for (username, name, roles, office) in staff {
        let mut fields = vec![("username", username), ("name", name), ("post", "科员"), ("office", office)];
        fields.extend(roles.iter().map(|role| ("roles", *role)));
        let made = admin.post(people, people, &fields).await;
        assert_eq!(made.status(), 200, "{}", made.text().await.unwrap());
        let page = made.text().await.unwrap();
        let link = page.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        let link = link.strip_prefix(&base).unwrap().to_owned();
        let list = admin.page("/console/admin/staff").await;
        assert!(list.contains("待设密码") && list.contains("#link"), "{username}: {list}");
        let mut person = Browser::stranger(&base);
        assert!(person.page(&link).await.contains(username));
        let new = [("new", "correct horse battery"), ("again", "correct horse battery")];
        let set = person.knock(&link, &new).await;
        assert_eq!((set.status().as_u16(), place(&set)), (303, "/console"));
        person.keep(&set);
        assert_eq!(person.get("/console").await.status(), 200);
        assert_eq!(person.knock(&link, &new).await.status(), 410, "once");
        assert_eq!(person.get("/console/admin/staff").await.status(), 403);
        assert!(!admin.page("/console/admin/staff").await.contains("待设密码"), "{username}");
    }

    // A link opened where somebody else is signed in ends nothing before that is said.
    let fields = [("username", "sunhui"), ("name", "孙慧"), ("post", "科员"), ("roles", "closure_reviewer")];
    let made = admin.post(people, people, &fields).await.text().await.unwrap();
    let link = made.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let link = link.strip_prefix(&base).unwrap();
    let told = admin.page(link).await;
    assert!(told.contains("退出沈立的登录并继续") && !told.contains("name=\"new\""), "{told}");
    let new = [("new", "correct horse battery"), ("again", "correct horse battery")];
    assert_eq!(admin.knock(link, &new).await.status(), 409, "not told, not done");
    assert_eq!(admin.get("/console/admin/staff").await.status(), 200, "still signed in");
    let form = admin.page(&format!("{link}?instead=yes")).await;
    assert!(form.contains("name=\"instead\" value=\"yes\""), "{form}");
    let done = admin.knock(link, &[&new[..], &[("instead", "yes")]].concat()).await;
    assert_eq!(
        (done.status().as_u16(), place(&done).split('?').next()),
        (303, Some("/console/sign-in/enrolment"))
    );
    assert_eq!(
        admin.get("/console/admin/staff").await.status(),
        303,
        "the old session has ended, not only its cookie"
    );
}
