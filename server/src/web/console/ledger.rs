//! The tamper-evident log, for its auditor.

use actix_web::HttpResponse;

use super::staff::ConsoleStaff;
use crate::{
    actions::{
        Refused,
        ledger::{
            Behind,
            look::{Look, look},
        },
    },
    store::{columns::moment, unfit},
    web::{
        problem::Refusal,
        view::console::sheet::{Cell, Part, Sheet, Table},
        words::lang::Lang,
    },
};

/// `GET /console/ledger`.
pub async fn show(staff: ConsoleStaff) -> Result<HttpResponse, Refusal> {
    let key = staff.shared.trust.log.clone();
    let public = key.public().to_owned();
    // Before the database is read, or a head that is kept meanwhile would look like a copy that was restored.
    let keeper = key.clone();
    let kept = tokio::task::spawn_blocking(move || keeper.kept()).await;
    let kept =
        kept.map_err(|ended| Refused::from(unfit(ended)))?.map_err(|error| Refused::from(unfit(error)))?;
    let Look { entries, heads, stands } =
        staff.read(move |db, actor, _, _| look(db, actor, &key, kept)).await?;
    let (lang, zone) = (staff.lang, staff.shared.rules().zone);
    let sheet = Sheet::new(staff.frame(), lang.pick("防篡改日志", "Tamper-evident log"))
        .lead(lang.pick(
            "评价、流程、期限、角色等每条记录都写入只增不改的日志并签名。另一单位保存签名后，任何改动都能被发现。",
            "Ratings, steps, limits, roles: each record enters a log that is only ever added to, and is signed. \
             Once another office keeps a signed head, every change is found.",
        ))
        .button("/ledger/checkpoint", lang.pick("最新签名", "Latest head"))
        .button("/receipts", lang.pick("核验回执", "Check a receipt"));
    let sheet = warned(sheet, lang, stands, staff.shared.log.stalled());
    let latest = heads.first().map_or_else(
        || lang.pick("尚未签名", "none yet").to_owned(),
        |head| moment(head.at).with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string(),
    );
    let well = stands.is_ok();
    let facts = vec![
        (lang.pick("记录数", "Entries"), entries.to_string()),
        (lang.pick("最近签名", "Last signed"), latest),
        (
            lang.pick("与库外签名比对", "Against the head outside the database"),
            if well { lang.pick("一致", "agrees") } else { lang.pick("不一致", "does not agree") }.to_owned(),
        ),
        (lang.pick("验签公钥", "Verifier key"), public.clone()),
    ];
    let facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let origin = staff.shared.trust.host.origin();
    let table = Table {
        heads: [
            lang.pick("签名时间", "Signed at"),
            lang.pick("记录数", "Entries"),
            lang.pick("根哈希", "Root"),
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        rows: heads
            .iter()
            .map(|head| {
                let at = moment(head.at).with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string();
                vec![Cell::text(at), Cell::number(&head.size), Cell::text(&*head.root)]
            })
            .collect(),
        empty: lang
            .pick(
                "还没有签名。记录写入后几秒内自动签名。",
                "No head yet: one is signed seconds after a record.",
            )
            .to_owned(),
    };
    let sheet = sheet
        .with(Part::Facts(facts))
        .with(Part::Heading(lang.pick("由另一单位见证", "Witnessed by another office").to_owned()))
        .with(Part::Note(
            lang.pick(
                "在另一单位的电脑上执行。第一条只需一次；第二条定时执行，日志被回退或改写时会拒绝并保留证据。",
                "On a computer of another office: the first once; the second from a timer. It refuses a log that \
                 was turned back or rewritten, and keeps the evidence.",
            )
            .to_owned(),
        ))
        .with(Part::Secret(vec![
            format!("qiyema witness follow {origin} --key '{public}'"),
            "qiyema witness check".to_owned(),
        ]))
        .with(Part::Heading(lang.pick("核对整个数据库", "Verifying the whole database").to_owned()))
        .with(Part::Note(
            lang.pick(
                "在服务器上执行，逐条列出被改动、缺失或添加的记录；--checkpoint 指定见证单位保存的签名。",
                "On the server: names each record that was altered, is missing or was added; --checkpoint is a \
                 head that the other office kept.",
            )
            .to_owned(),
        ))
        .with(Part::Secret(vec!["qiyema-server ledger verify --checkpoint FILE".to_owned()]))
        .with(Part::Heading(lang.pick("最近的签名", "Latest heads").to_owned()))
        .with(Part::Table(table));
    Ok(staff.page(sheet.render()))
}

/// What the auditor must see first.
fn warned(sheet: Sheet, lang: Lang, stands: Result<(), Behind>, stalled: bool) -> Sheet {
    let sheet = match stands {
        Ok(()) => sheet,
        Err(behind) => sheet.with(Part::Warning(said(lang, behind))),
    };
    if !stalled {
        return sheet;
    }
    let waits = lang.pick(
        "有记录等待十分钟以上仍未进入日志，新记录暂不受保护。请查看服务器日志，并执行 qiyema-server ledger verify。",
        "Records have waited for more than ten minutes and nothing enters the log: what is written now is not \
         protected. See the log of the server, and run qiyema-server ledger verify.",
    );
    sheet.with(Part::Warning(waits.to_owned()))
}

fn said(lang: Lang, behind: Behind) -> String {
    match (lang, behind) {
        (Lang::En, behind) => behind.to_string(),
        (Lang::Zh, Behind::Short { have, size }) => format!(
            "数据库只有{have}条记录，而已签名的日志有{size}条：有人恢复了旧备份。如属正常恢复，请在服务器上执行 qiyema-server ledger accept。"
        ),
        (Lang::Zh, Behind::Unknown { have }) => format!(
            "日志有{have}条记录，但密钥文件夹中没有签名（ledger.head）。如属正常恢复，请执行 qiyema-server ledger accept。"
        ),
        (Lang::Zh, Behind::Other { size }) => {
            format!(
                "日志被改写：前{size}条记录与已签名的不符。请停止使用，并执行 qiyema-server ledger verify。"
            )
        }
        (Lang::Zh, Behind::Beyond { have }) => format!(
            "日志有{have}条记录，但从未签过这么多条：有人在数据库里添加了记录。请停止使用，并执行 qiyema-server ledger verify。"
        ),
    }
}
