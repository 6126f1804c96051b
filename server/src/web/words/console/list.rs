//! Words of the issue list and of the home page.

use crate::web::words::lang::Lang;

/// Texts of the list.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct ListWords {
    pub title: &'static str,
    pub saved: &'static str,
    pub filter: &'static str,
    pub search: &'static str,
    pub search_help: &'static str,
    pub state: &'static str,
    pub lamp: &'static str,
    pub unit: &'static str,
    pub handler: &'static str,
    pub category: &'static str,
    pub channel: &'static str,
    pub grade: &'static str,
    pub level: &'static str,
    pub sort: &'static str,
    pub sort_due: &'static str,
    pub sort_newest: &'static str,
    pub any: &'static str,
    pub apply: &'static str,
    pub clear: &'static str,
    pub more: &'static str,
    pub csv: &'static str,
    pub xlsx: &'static str,
    pub register: &'static str,
    pub issue: &'static str,
    pub enterprise: &'static str,
    pub limit: &'static str,
    pub due: &'static str,
    pub responsible: &'static str,
    pub registered: &'static str,
    pub select_all: &'static str,
    pub select: &'static str,
    pub unassigned: &'static str,
    pub provisional: &'static str,
    pub empty: &'static str,
    pub empty_filter: &'static str,
    pub empty_all: &'static str,
    pub bulk: &'static str,
    pub bulk_help: &'static str,
    pub outcome: &'static str,
    pub outcome_none: &'static str,
    pub done: &'static str,
    pub to_list: &'static str,
    pub lamps: [(&'static str, &'static str); 4],
    pub tabs: [(&'static str, &'static str); 18],
    /// So many rows on this page.
    pub shown: fn(usize) -> String,
}

const fn words(l: Lang) -> ListWords {
    ListWords {
        title: l.pick("问题办理", "Issues"),
        saved: l.pick("常用筛选", "Saved filters"),
        filter: l.pick("筛选", "Filter"),
        search: l.pick("搜索", "Search"),
        search_help: l.pick("编号、标题、企业名称或信用代码", "Number, subject, enterprise or USCC"),
        state: l.pick("状态", "State"),
        lamp: l.pick("亮灯", "Lamp"),
        unit: l.pick("牵头单位", "Lead unit"),
        handler: l.pick("经办人", "Handler"),
        category: l.pick("类别", "Category"),
        channel: l.pick("渠道", "Channel"),
        grade: l.pick("等级", "Grade"),
        level: l.pick("层级", "Level"),
        sort: l.pick("排序", "Sort"),
        sort_due: l.pick("最先到期", "Next limit first"),
        sort_newest: l.pick("最新登记", "Newest first"),
        any: l.pick("全部", "Any"),
        apply: l.pick("筛选", "Apply"),
        clear: l.pick("清除筛选", "Clear the filter"),
        more: l.pick("更多筛选条件", "More filters"),
        csv: l.pick("导出CSV", "Export CSV"),
        xlsx: l.pick("导出Excel", "Export Excel"),
        register: l.pick("登记问题", "Register an issue"),
        issue: l.pick("问题", "Issue"),
        enterprise: l.pick("企业", "Enterprise"),
        limit: l.pick("时限", "Next limit"),
        due: l.pick("承诺期限", "Promised"),
        responsible: l.pick("责任单位/经办人", "Responsible"),
        registered: l.pick("登记时间", "Registered"),
        select_all: l.pick("全选本页", "Select all on this page"),
        select: l.pick("选择", "Select"),
        unassigned: l.pick("尚未分派", "Not assigned yet"),
        provisional: l.pick("预计", "provisional"),
        empty: l.pick("没有待办理的问题", "Nothing is waiting here"),
        empty_filter: l.pick(
            "没有符合当前筛选条件的问题。可放宽条件，或查看全部未办结问题。",
            "No issue fits this filter. Widen it, or look at everything that is open.",
        ),
        empty_all: l.pick(
            "企业反映的问题登记后会出现在这里，按到期先后排列。",
            "Issues appear here once they are registered, the first to fall due on top.",
        ),
        bulk: l.pick("批量操作所选问题", "Act on the selected issues"),
        bulk_help: l.pick(
            "每个问题单独办理、单独留痕；办不成的会逐条说明原因。",
            "Each issue is handled and recorded by itself; what cannot be done is listed with its reason.",
        ),
        outcome: l.pick("批量操作结果", "What came of it"),
        outcome_none: l.pick("没有选择问题。请先勾选再操作。", "No issue was selected. Tick some first."),
        done: l.pick("已完成", "Done"),
        to_list: l.pick("返回列表", "Back to the list"),
        lamps: [
            ("overdue", l.pick("已超期", "Overdue")),
            ("red", l.pick("今天到期", "Due today")),
            ("yellow", l.pick("临期", "Due soon")),
            ("green", l.pick("正常", "On time")),
        ],
        tabs: [
            ("", l.pick("在办", "In hand")),
            ("mine=1", l.pick("我的", "Mine")),
            ("assisting=1", l.pick("协办", "Assisting")),
            ("state=submitted", l.pick("待受理", "To accept")),
            ("state=accepted", l.pick("待分派", "To assign")),
            ("waiting=1", l.pick("待审定", "To rule")),
            ("state=assigned", l.pick("待签收", "To sign for")),
            ("state=case_conference", l.pick("会商中", "Conferring")),
            ("lamp=yellow", l.pick("临期", "Due soon")),
            ("lamp=red", l.pick("今天到期", "Due today")),
            ("lamp=overdue", l.pick("超期", "Overdue")),
            ("state=pending_review", l.pick("待审核", "To review")),
            ("state=deferred", l.pick("挂账", "Deferred")),
            ("state=rectifying", l.pick("整改中", "Putting right")),
            ("state=follow_up", l.pick("待回访", "To call back")),
            ("state=reopened", l.pick("重新办理", "Reopened")),
            ("state=closed&sort=newest", l.pick("已办结", "Closed")),
            ("open=all&sort=newest", l.pick("全部", "All")),
        ],
        shown: match l {
            Lang::Zh => shown_zh,
            Lang::En => shown_en,
        },
    }
}

fn shown_zh(rows: usize) -> String {
    format!("本页{rows}条")
}

fn shown_en(rows: usize) -> String {
    format!("{rows} on this page")
}

impl ListWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: ListWords = words(Lang::Zh);
        const EN: ListWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}
