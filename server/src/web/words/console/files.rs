//! Words of files: those of an issue, and tables that are imported.

use crate::web::words::lang::Lang;

/// Texts of these pages.
#[derive(Debug)]
#[expect(missing_docs, reason = "each field is its own text, shown in both languages below")]
pub struct FileWords {
    pub title: &'static str,
    pub none: &'static str,
    pub choose: &'static str,
    pub help: &'static str,
    pub audience: &'static str,
    pub for_owner: &'static str,
    pub add: &'static str,
    pub added: &'static str,
    pub seen_by_owner: &'static str,
    pub staff_only: &'static str,
    pub again: &'static str,
}

const fn words(l: Lang) -> FileWords {
    FileWords {
        title: l.pick("附件", "Attachments"),
        none: l.pick("没有附件。", "No attachments."),
        choose: l.pick("选择文件", "Choose files"),
        help: l.pick(
            "PNG、JPEG、WebP图片或PDF，每个不超过10MB，一次最多5个；图片中的位置等信息会自动去除",
            "PNG, JPEG, WebP or PDF, up to 10 MB each, five at once; places and the like are taken out of pictures",
        ),
        audience: l.pick("谁能看到附件", "Who may see the files"),
        for_owner: l.pick("企业也能看到这些附件", "The owner sees these files too"),
        add: l.pick("添加附件", "Add attachments"),
        added: l.pick("附件已添加。", "The attachments were added."),
        seen_by_owner: l.pick("企业可见", "the owner sees it"),
        staff_only: l.pick("仅工作人员可见", "staff only"),
        again: l.pick("请重新选择附件：浏览器不会保留文件。", "Choose the files again: a browser does not keep them."),
    }
}

impl FileWords {
    /// In this language.
    #[must_use]
    pub const fn of(lang: Lang) -> &'static Self {
        const ZH: FileWords = words(Lang::Zh);
        const EN: FileWords = words(Lang::En);
        match lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }
}
