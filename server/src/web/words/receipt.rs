//! Words of the page of a receipt.

use qiyema_protocol::receipt::Standing;

use super::lang::Lang;

/// Texts of the page.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct ReceiptWords {
    pub title: &'static str,
    pub paste: &'static str,
    pub check: &'static str,
    pub says: &'static str,
    pub genuine: &'static str,
    pub rating: &'static str,
    pub issue: &'static str,
    pub given: &'static str,
    pub id: &'static str,
    pub people: &'static str,
    pub given_later: &'static str,
    pub log: &'static str,
    pub in_log: &'static str,
    pub not_in_log: &'static str,
    pub own: &'static str,
    pub not_own: &'static str,
    pub proof: &'static str,
    pub proof_help: &'static str,
}

const fn words(l: Lang) -> ReceiptWords {
    ReceiptWords {
        title: l.pick("核验评价回执", "Check a rating receipt"),
        paste: l.pick("粘贴回执", "Paste the receipt"),
        check: l.pick("核验", "Check"),
        says: l.pick("回执内容", "What the receipt says"),
        genuine: l.pick("回执真实：由本中心签名，未被改动。", "The receipt is genuine: signed by this centre and unchanged."),
        rating: l.pick("评价", "Rating"),
        issue: l.pick("问题编号", "Issue"),
        given: l.pick("评价时间", "Given"),
        id: l.pick("评价编号", "Id"),
        people: l.pick("名本单位以外的人员决定", "people outside the unit decided"),
        given_later: l.pick("名在申诉提出后才取得复核资格", "of them got the role for it after the appeal was filed"),
        log: l.pick("防篡改日志", "Tamper-evident log"),
        in_log: l.pick("已记入日志，序号", "It is in the log, entry"),
        not_in_log: l.pick(
            "尚未记入日志。评价后几分钟内会记入；如更久仍未记入，请联系审计人员。",
            "Not in the log yet. A rating is entered within minutes; if it is not after that, tell an auditor.",
        ),
        own: l.pick("这条日志记录的就是本回执的评价。", "This entry of the log is that of this receipt's rating."),
        not_own: l.pick(
            "日志中的记录与回执不符，请保存回执并联系审计人员。",
            "The entry in the log is not that of this receipt: keep the receipt and tell an auditor.",
        ),
        proof: l.pick("证明（供核验人员使用）", "Proof (for whoever verifies it)"),
        proof_help: l.pick(
            "本条的内容和哈希、到日志根的路径（RFC 6962），以及签名的日志头。也可用 qiyema receipt verify --online 核验。",
            "The entry, its hash, the way to the root (RFC 6962), and the signed head. Or run qiyema receipt verify --online.",
        ),
    }
}

impl ReceiptWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: ReceiptWords = words(Lang::Zh);
        const EN: ReceiptWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}

/// Heading and sentence of what became of a rating.
#[must_use]
pub const fn standing(l: Lang, standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Counted => (
            l.pick("✓ 评价有效，已计入统计", "✓ The rating stands and counts"),
            l.pick("这条评价原样保存，计入考核数据。", "It is kept as it was given, and counts in the figures."),
        ),
        Standing::Unverified => (
            l.pick("✓ 评价有效，单列显示", "✓ The rating stands, shown apart"),
            l.pick(
                "这条评价原样保存。因未验证企业身份，单列显示，不计入好评率。",
                "It is kept as it was given. The enterprise was not proved, so it is shown apart and not counted.",
            ),
        ),
        Standing::Superseded => (
            l.pick("✓ 评价有效，已由企业评价代替", "✓ The rating stands, superseded"),
            l.pick(
                "这条评价原样保存。同一次办结另有企业验证身份后的评价，以后者计入统计。",
                "It is kept as it was given. One with the enterprise's own proof counts for this closure.",
            ),
        ),
        Standing::Excluded => (
            l.pick("! 评价保留，不计入统计", "! The rating is kept and not counted"),
            l.pick(
                "这条评价原样保存。申诉经本单位以外的人员复核成立，公开剔除，不计入统计。理由全文可在输入企业口令后查看。",
                "It is kept as it was given. An appeal was accepted by people outside the unit, so it is left out in the open. The reasons are in the issue's history, after the PIN.",
            ),
        ),
        Standing::Beside => (
            l.pick("✓ 追评有效", "✓ The second rating stands"),
            l.pick(
                "这条追评原样保存，与首次评价并列；统计以首次评价为准。",
                "It is kept as it was given, beside the first one, which is the one that counts.",
            ),
        ),
        Standing::Altered => (
            l.pick("✗ 评价已被改动", "✗ The rating was altered"),
            l.pick(
                "系统中的这条评价与回执签名的内容不符。请保存回执，并联系审计人员。",
                "What is stored is not what this receipt was signed for. Keep the receipt and tell an auditor.",
            ),
        ),
        Standing::Missing => (
            l.pick("✗ 评价不见了", "✗ The rating is gone"),
            l.pick(
                "回执真实，但系统中已没有这条评价。请保存回执，并联系审计人员。",
                "The receipt is genuine, and its rating is not there any more. Keep the receipt and tell an auditor.",
            ),
        ),
    }
}
