//! The words of the owner's forms, in both languages. 用语见 domain.md §9。

use qiyema_protocol::verb::Verb;

/// Texts of the forms that all deeds share.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct OwnerWords {
    pub raise: Deed,
    pub category: &'static str,
    pub choose: &'static str,
    pub subject: &'static str,
    pub subject_hint: &'static str,
    pub body: &'static str,
    pub body_hint: &'static str,
    pub contact: &'static str,
    pub contact_hint: &'static str,
    pub contact_name: &'static str,
    pub contact_phone: &'static str,
    pub contact_email: &'static str,
    pub files: &'static str,
    pub files_hint: &'static str,
    pub files_again: &'static str,
    pub optional: &'static str,
    pub asked: &'static str,
    pub refused: &'static str,
    pub attachments: &'static str,
    pub deeds: &'static str,
    pub mend: &'static str,
    pub done_number: &'static str,
    pub done_state: &'static str,
    pub another: &'static str,
    deed: fn(Verb) -> Deed,
}

/// What a deed is called and what it says.
#[derive(Debug, Clone, Copy)]
pub struct Deed {
    /// On the board, and above the form.
    pub name: &'static str,
    /// What will happen.
    pub lead: &'static str,
    /// Above the text.
    pub label: &'static str,
    /// On the button.
    pub button: &'static str,
    /// After it.
    pub done: &'static str,
    /// What comes next.
    pub next: &'static str,
}

impl OwnerWords {
    /// The words of a language, by its code.
    #[must_use]
    pub fn of(code: &str) -> &'static Self {
        if code == "en" { &EN } else { &ZH }
    }

    /// The words of a verb.
    #[must_use]
    pub fn deed(&self, verb: Verb) -> Deed {
        (self.deed)(verb)
    }
}

static ZH: OwnerWords = OwnerWords {
    raise: Deed {
        name: "我要反映问题",
        lead: "请写清事情经过和您的诉求。我们将在1个工作日内答复是否受理。",
        label: "",
        button: "提交",
        done: "问题已提交",
        next: "我们将在1个工作日内答复是否受理。您可随时扫码查看进度。",
    },
    category: "问题类别",
    choose: "请选择",
    subject: "主题",
    subject_hint: "2至80个字，例如：厂区用电增容",
    body: "详细情况",
    body_hint: "时间、地点、经过、您的诉求，4000字以内",
    contact: "联系人（选填）",
    contact_hint: "仅承办人员可见，不会显示在扫码页面上",
    contact_name: "姓名",
    contact_phone: "电话",
    contact_email: "电子邮箱（办结后发送评价链接）",
    files: "附件（选填）",
    files_hint: "照片或PDF，最多5个，每个不超过10MB。照片中的位置等信息会自动去除。",
    files_again: "如已选择文件，请重新选择。",
    optional: "（选填）",
    asked: "需要您补充",
    refused: "不予受理的理由",
    attachments: "附件",
    deeds: "您可以",
    mend: "请修改以下内容",
    done_number: "编号",
    done_state: "当前进展",
    another: "再反映一个问题",
    deed: |verb| match verb {
        Verb::Supplement => Deed {
            name: "补充材料",
            lead: "补充后继续受理；逾期未补充的，由受理人员继续审核。",
            label: "补充内容",
            button: "提交补充材料",
            done: "补充材料已收到",
            next: "问题已转回受理，我们将在1个工作日内答复。",
        },
        Verb::Appeal => Deed {
            name: "对不予受理有异议",
            lead: "每个问题可申诉一次，由其他受理人员复核。",
            label: "申诉理由",
            button: "提交申诉",
            done: "申诉已收到",
            next: "将由其他受理人员复核，1个工作日内答复。",
        },
        Verb::Object => Deed {
            name: "对办理结果有异议",
            lead: "提交后启动整改：1个工作日内与您联系，一般5个工作日内整改，整改后再请您评价。",
            label: "哪里没有解决",
            button: "提交异议",
            done: "异议已收到，已启动整改",
            next: "我们将在1个工作日内与您联系。",
        },
        Verb::Urge => Deed {
            name: "我要催办",
            lead: "催办会发给责任单位和督办人员，每个问题每个工作日可催办一次。",
            label: "想说的话",
            button: "发出催办",
            done: "催办已发出",
            next: "责任单位和督办人员会看到，并记入办理记录。",
        },
        Verb::AddFacts => Deed {
            name: "补充说明",
            lead: "补充新的情况或材料，不影响办理时限。",
            label: "补充内容",
            button: "提交补充说明",
            done: "补充说明已收到",
            next: "承办人员会看到您补充的内容。",
        },
        _ => Deed {
            name: "撤回",
            lead: "撤回后不再办理，且不能恢复；如需办理请重新反映。",
            label: "撤回原因",
            button: "确认撤回",
            done: "已撤回",
            next: "该问题不再办理。",
        },
    },
};

static EN: OwnerWords = OwnerWords {
    raise: Deed {
        name: "Raise an issue",
        lead: "Say what happened and what you ask for. You will hear within one working day whether it is accepted.",
        label: "",
        button: "Submit",
        done: "Submitted",
        next: "You will hear within one working day whether it is accepted. Scan the code at any time to see how far it is.",
    },
    category: "Category",
    choose: "Please choose",
    subject: "Subject",
    subject_hint: "2 to 80 characters, for example: more power for the plant",
    body: "Details",
    body_hint: "When, where, what happened, what you ask for; up to 4,000 characters",
    contact: "Whom to call (optional)",
    contact_hint: "Seen only by those who handle the issue, never on the scanned page",
    contact_name: "Name",
    contact_phone: "Telephone",
    contact_email: "E-mail (for the link to rate, once it is closed)",
    files: "Files (optional)",
    files_hint: "Photos or PDF, up to 5, each up to 10 MB. Places and the like are removed from photos.",
    files_again: "If you had chosen files, please choose them again.",
    optional: " (optional)",
    asked: "What is needed from you",
    refused: "Why it was not accepted",
    attachments: "Files",
    deeds: "You can",
    mend: "Please mend the following",
    done_number: "Number",
    done_state: "State",
    another: "Raise another issue",
    deed: |verb| match verb {
        Verb::Supplement => Deed {
            name: "Add what was asked for",
            lead: "Once it is added, or when the time for it is over, the issue is looked at again.",
            label: "What you add",
            button: "Send",
            done: "Received",
            next: "The issue is looked at again; you will hear within one working day.",
        },
        Verb::Appeal => Deed {
            name: "Appeal against the refusal",
            lead: "An issue can be appealed once; another officer decides.",
            label: "Why it should be accepted",
            button: "Send the appeal",
            done: "Your appeal was received",
            next: "Another officer decides within one working day.",
        },
        Verb::Object => Deed {
            name: "Object to the result",
            lead: "Rectification begins: you are contacted within one working day, it is usually put right within five, and then you rate it again.",
            label: "What is not solved",
            button: "Send the objection",
            done: "Your objection was received; rectification has begun",
            next: "You will be contacted within one working day.",
        },
        Verb::Urge => Deed {
            name: "Urge",
            lead: "The unit and the supervisors see it. Each issue can be urged once a working day.",
            label: "Anything to say",
            button: "Urge now",
            done: "Sent",
            next: "The unit and the supervisors see it, and it stands in the record.",
        },
        Verb::AddFacts => Deed {
            name: "Add facts",
            lead: "Add something new; the promised date stays.",
            label: "What you add",
            button: "Send",
            done: "Received",
            next: "Those who handle the issue will see it.",
        },
        _ => Deed {
            name: "Withdraw",
            lead: "A withdrawn issue is not handled any more and cannot be brought back; raise it again if need be.",
            label: "Reason",
            button: "Withdraw for good",
            done: "Withdrawn",
            next: "The issue is not handled any more.",
        },
    },
};

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use qiyema_protocol::verb::Verb;

    use super::OwnerWords;

    #[test]
    fn no_two_deeds_share_a_name() {
        let deeds =
            [Verb::Supplement, Verb::Appeal, Verb::Object, Verb::Urge, Verb::AddFacts, Verb::Withdraw];
        for code in ["zh", "en"] {
            let words = OwnerWords::of(code);
            let names: HashSet<&str> = deeds.iter().map(|verb| words.deed(*verb).name).collect();
            assert_eq!(names.len(), deeds.len(), "{code}");
        }
    }
}
