//! Words of the list behind a figure.

use qiyema_protocol::{board::State, dashboard::Which};

use crate::web::words::lang::Lang;

/// Texts of the list of closures.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct ClosureWords {
    pub title: &'static str,
    pub closures_lead: &'static str,
    pub withheld_lead: &'static str,
    pub no_closures: &'static str,
    pub issue: &'static str,
    pub unit: &'static str,
    pub person: &'static str,
    pub category: &'static str,
    pub closed_on: &'static str,
    pub promise: &'static str,
    pub rating: &'static str,
    pub late_lead: &'static str,
    pub late_first_lead: &'static str,
    pub none_late: &'static str,
    pub none_so_far: &'static str,
    pub more: &'static str,
    pub late: &'static str,
    pub reopened: &'static str,
}

const fn closure_words(l: Lang) -> ClosureWords {
    ClosureWords {
        title: l.pick("考核数据", "Figures"),
        closures_lead: l.pick(
            "这些办结构成该组的数据；不显示是谁评价的。",
            "The closures behind the figures of this group; never who rated.",
        ),
        withheld_lead: l.pick(
            "计入的评价不足5件（或会使不足5件的组被推算出来），不显示评价结果。",
            "So few ratings count, here or in a group that these would tell, that how they were given is withheld.",
        ),
        no_closures: l.pick("没有这样的办结", "There is no such closure"),
        issue: l.pick("问题编号", "Issue"),
        unit: l.pick("责任单位", "Unit"),
        person: l.pick("承办人", "Person"),
        category: l.pick("类别", "Category"),
        closed_on: l.pick("办结日期", "Closed"),
        promise: l.pick("承诺日期", "Promised"),
        rating: l.pick("计入的评价", "Rating that counts"),
        late_lead: l.pick(
            "延期后的承诺到期没有兑现的，没有办结的也在内；件数就是按时办结率少的那些。单位和承办人是承诺日当天的。",
            "Promises, as extended, that fell due and were not kept, also of what is not closed: as many as closed in time lacks. Unit and person are those of the promised day.",
        ),
        late_first_lead: l.pick(
            "首次承诺到期没有兑现的，没有办结的也在内，批准过延期的照样列出；件数就是按首次承诺办结率少的那些。单位和承办人是首次承诺日当天的。",
            "First promises that fell due and were not kept, also of what is not closed, and whether or not an extension was granted: as many as in time by the first promise lacks. Unit and person are those of the day first promised.",
        ),
        none_late: l.pick("没有到期未兑现的承诺", "Every promise that fell due was kept"),
        none_so_far: l.pick("查过的部分里没有，后面还没有查完", "None in what was looked through so far; there is more"),
        more: l.pick(
            "一页只查有限的部分，后面还没有查完，请点“下一页”继续。",
            "So much is looked through for a page; there is more: go on with the next page.",
        ),
        late: l.pick("超期", "late"),
        reopened: l.pick("重新办理", "reopened"),
    }
}

impl ClosureWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: ClosureWords = closure_words(Lang::Zh);
        const EN: ClosureWords = closure_words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// Which closures.
#[must_use]
pub const fn which(l: Lang, which: Which) -> &'static str {
    match which {
        Which::All => l.pick("全部", "all"),
        Which::Bad => l.pick("差评", "rated bad"),
        Which::Late => l.pick("超期（按延期后的承诺）", "late (by the promise as extended)"),
        Which::LateFirst => l.pick("超期（按首次承诺）", "late (by the first promise)"),
        Which::Reopened => l.pick("重新办理", "reopened"),
    }
}

/// How an issue stands that is not closed.
#[must_use]
pub const fn unclosed(l: Lang, state: State) -> &'static str {
    match state {
        State::Withdrawn => l.pick("已撤回", "withdrawn"),
        State::Merged => l.pick("已并案", "merged"),
        State::Deferred => l.pick("已挂账", "deferred"),
        _ => l.pick("尚未办结", "still open"),
    }
}
