//! API tokens of channel systems.

use actix_web::{
    HttpResponse,
    web::{Path, Query},
};
use qiyema_protocol::{
    administration::{ApiTokenView, NewApiToken, Scope},
    directory::Directory,
};

use super::{Said, back, button, caller, changes, on_the_form, refused};
use crate::{
    actions::{
        admin::{api_token, directory},
        rights::Area,
    },
    store::columns::word,
    web::{
        api::admin::tokens as api,
        console::{ConsoleForm, ConsoleStaff},
        problem::Refusal,
        refusals::internal,
        view::console::{
            form::{Choice, Field, Form, Kind},
            sheet::{Cell, Part, Sheet, Table, Tone},
        },
        words::lang::Lang,
    },
};

const LIST: &str = "/console/admin/tokens";
/// Days a token lasts unless said otherwise.
const USUAL_DAYS: &str = "365";

async fn look(staff: &ConsoleStaff) -> Result<(Vec<ApiTokenView>, Directory), Refusal> {
    let found = staff.read(|db, actor, _, _| Ok((api_token::list(db, actor)?, directory::show(db, actor)?)));
    Ok(found.await?)
}

/// `GET /console/admin/tokens`.
pub async fn list(staff: ConsoleStaff, said: Query<Said>) -> Result<HttpResponse, Refusal> {
    let (tokens, directory) = look(&staff).await?;
    let form = form(&staff, &directory);
    let page = sheet(&staff, &said, &tokens, &directory, &form).map_err(|error| internal(&error))?;
    Ok(staff.page(Ok(page)))
}

fn sheet(
    staff: &ConsoleStaff,
    said: &Said,
    tokens: &[ApiTokenView],
    directory: &Directory,
    form: &Form,
) -> Result<String, askama::Error> {
    let lang = staff.lang;
    let may = changes(staff, Area::Tokens);
    let rows = tokens.iter().map(|one| row(staff, one, directory, may)).collect::<Result<Vec<_>, _>>()?;
    let table = Table {
        heads: [
            lang.pick("用途", "For"),
            lang.pick("权限", "Scopes"),
            lang.pick("渠道", "Channel"),
            lang.pick("最近使用", "Last used"),
            lang.pick("有效期至", "Until"),
            lang.pick("状态", "State"),
            lang.pick("操作", "Action"),
        ]
        .map(ToOwned::to_owned)
        .to_vec(),
        rows,
        empty: lang.pick("还没有接口令牌。", "No API token yet.").to_owned(),
    };
    let mut page = Sheet::new(said.frame(staff), lang.pick("接口令牌", "API tokens"))
        .lead(lang.pick(
            "供12345热线等系统报送问题，供考核系统读取数据。令牌只在创建时显示一次，系统只保存其指纹。",
            "For other systems that send issues or read figures. A token is shown once; only its fingerprint is kept.",
        ))
        .with(Part::Table(table));
    if may {
        page = page.form(lang.pick("新建令牌", "New token"), "", form)?;
    }
    page.render()
}

fn row(
    staff: &ConsoleStaff,
    one: &ApiTokenView,
    directory: &Directory,
    may: bool,
) -> Result<Vec<Cell>, askama::Error> {
    let (lang, rules) = (staff.lang, staff.shared.rules());
    let scopes = one.scopes.iter().map(|scope| scope_name(*scope, lang)).collect::<Vec<_>>().join(" · ");
    let channel = directory.channels.iter().find(|channel| Some(&channel.id) == one.channel.as_ref());
    let (state, stands) = if one.revoked_at.is_some() {
        (Cell::badge(lang.pick("已撤销", "Revoked"), Tone::Bad), false)
    } else if one.expires_at <= staff.at {
        (Cell::badge(lang.pick("已过期", "Expired"), Tone::Plain), false)
    } else {
        (Cell::badge(lang.pick("有效", "In force"), Tone::Good), true)
    };
    let revoke = if may && stands {
        let place = format!("{LIST}/{}/revocation", one.id);
        let ends = lang.pick(
            "使用该令牌的系统立即无法报送和查询，且不能恢复。",
            "The system that uses it is locked out at once, and for good.",
        );
        let id = format!("revoke-{}", one.id);
        Cell::form(&button(staff, place, id, lang.pick("撤销", "Revoke"), Some(ends)))?
    } else {
        Cell::default()
    };
    Ok(vec![
        Cell::text(&one.name),
        Cell::text(scopes),
        Cell::text(channel.map_or("", |channel| lang.say(&channel.name))),
        Cell::text(one.last_used_on.map_or_else(|| "—".to_owned(), |day| day.to_string())),
        Cell::text(rules.day(one.expires_at).to_string()),
        state,
        revoke,
    ])
}

const fn scope_name(scope: Scope, lang: Lang) -> &'static str {
    match scope {
        Scope::IssuesWrite => lang.pick("报送问题", "Register issues"),
        Scope::IssuesRead => lang.pick("查询本渠道问题", "Read the channel's issues"),
        Scope::EnterprisesWrite => lang.pick("登记企业", "Register enterprises"),
        Scope::EnterprisesRead => lang.pick("查询企业", "Find enterprises"),
        Scope::FiguresRead => lang.pick("查询考核数据", "Read figures"),
        Scope::RatingsExport => lang.pick("导出评价交换数据", "Export ratings"),
    }
}

fn form(staff: &ConsoleStaff, directory: &Directory) -> Form {
    let lang = staff.lang;
    let scopes =
        Scope::ALL.into_iter().filter_map(|one| Some(Choice::new(word(one).ok()?, scope_name(one, lang))));
    let channels = directory.channels.iter().filter(|one| one.retired_at.is_none());
    let channels = channels.map(|one| Choice::new(&one.id, lang.say(&one.name))).collect();
    Form::new(lang, &staff.csrf, LIST, lang.pick("生成令牌", "Make the token"))
        .with(Field::line("name", lang.pick("用途", "What it is for")).most(60))
        .with(Field {
            choices: scopes.collect(),
            ..Field::new(Kind::Checks, "scopes", lang.pick("权限", "Scopes"))
        })
        .with(
            Field::select("channel", lang.pick("渠道", "Channel"), channels)
                .optional()
                .help(lang.pick("涉及问题的权限须绑定一个渠道。", "Scopes about issues need one.")),
        )
        .with(
            Field::new(Kind::Number, "days", lang.pick("有效天数", "Days it lasts"))
                .value(USUAL_DAYS)
                .most(730),
        )
}

/// `POST /console/admin/tokens`: made, and shown once.
pub async fn make(staff: ConsoleStaff, typed: ConsoleForm) -> Result<HttpResponse, Refusal> {
    let scope = |word: String| serde_json::from_value::<Scope>(word.into()).ok();
    let new = NewApiToken {
        name: typed.text("name").to_owned(),
        scopes: typed.all("scopes").into_iter().filter_map(scope).collect(),
        channel: typed.filled("channel"),
        days: typed.number("days"),
    };
    match api::make(&staff.shared, caller(&staff), new).await {
        Ok(made) => {
            let lang = staff.lang;
            let page = Sheet::new(staff.frame(), &made.listed.name)
                .up(LIST, lang.pick("接口令牌", "API tokens"))
                .lead(lang.pick(
                    "请立即复制到对方系统；离开此页后无法再次查看。",
                    "Copy it into the other system now; it cannot be shown again.",
                ))
                .button(LIST, lang.pick("完成", "Done"))
                .with(Part::Secret(vec![made.token.clone()]))
                .with(Part::Note("Authorization: Bearer qyt_…".to_owned()));
            Ok(staff.page(page.render()))
        }
        Err(refusal) if on_the_form(&refusal) => {
            let (tokens, directory) = look(&staff).await?;
            let again = refused(form(&staff, &directory).typed(&typed.0), &refusal);
            Ok(staff.form_again(sheet(&staff, &Said::default(), &tokens, &directory, &again)))
        }
        Err(refusal) => Err(refusal),
    }
}

/// `POST /console/admin/tokens/{id}/revocation`.
pub async fn revoke(
    staff: ConsoleStaff,
    id: Path<String>,
    _form: ConsoleForm,
) -> Result<HttpResponse, Refusal> {
    let id = id.into_inner();
    staff.write(move |db, actor, _, at| api_token::revoke(db, actor, &id, at)).await?;
    Ok(back(LIST))
}
