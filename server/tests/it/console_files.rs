//! Files at the console, by its forms alone: attachments of an issue, and tables.

use crate::{
    console::{Browser, place},
    harness::{BOTH, Town},
    intake::photo,
};

/// The first issue that somebody sees.
async fn first_issue(who: &Browser) -> String {
    let page = who.page("/console/issues").await;
    page.split("href=\"/console/issues/Q").nth(1).unwrap().split('"').next().map(|n| format!("Q{n}")).unwrap()
}

async fn enterprise(intake: &Browser) -> String {
    let found = intake.page("/console/intake?q=91330500MA2TEXT16M").await;
    found.split("/console/intake?enterprise=").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_attached_listed_and_saved_by_whoever_may_read_the_issue() {
    for database in BOTH {
        let town = Town::on(database);
        let handler = Browser::signed_in(&town, "qianfeng").await;
        let number = first_issue(&handler).await;
        let issue = format!("/console/issues/{number}");
        let to = format!("{issue}/attachments");
        assert!(handler.page(&issue).await.contains("enctype=\"multipart/form-data\""));

        // What is no picture is refused at the field, and what was ticked stays.
        let ticked = [("for_owner", "yes")];
        let wrong = handler.post_file(&issue, &to, &ticked, ("a.exe", b"MZ".to_vec())).await;
        assert_eq!(wrong.status(), 422, "{database}");
        let page = wrong.text().await.unwrap();
        assert!(page.contains("id=\"attachments-file-error\">只能上传PNG、JPEG、WebP图片或PDF"), "{page}");
        assert!(page.contains("name=\"for_owner\" value=\"yes\" checked"), "{page}");
        let large = vec![0_u8; 10 * 1024 * 1024 + 1];
        let page = handler.post_file(&issue, &to, &[], ("b.png", large)).await.text().await.unwrap();
        assert!(page.contains("文件超过10MB"), "{page}");
        let none = handler.post_file(&issue, &to, &[], ("", Vec::new())).await;
        assert_eq!(none.status(), 422);
        assert!(none.text().await.unwrap().contains("请选择文件"));

        let done = handler.post_file(&issue, &to, &ticked, ("现场 <1>.jpg", photo())).await;
        assert_eq!((done.status().as_u16(), place(&done)), (303, &*format!("{issue}?done=attachments")));
        let page = handler.page(&issue).await;
        assert!(page.contains("现场 &#60;1&#62;.jpg") && page.contains("JPEG · "), "{page}");
        assert!(page.contains("企业可见") && page.contains("经手 钱峰"), "{page}");
        let file = page.split(&format!("href=\"{to}/")).nth(1).unwrap().split('"').next().unwrap();
        let file = format!("{to}/{file}");

        let auditor = Browser::signed_in(&town, "auditor").await;
        let saved = auditor.get(&file).await;
        assert_eq!(saved.status(), 200);
        let disposition = saved.headers()["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment; filename*=UTF-8''"), "{disposition}");
        assert_eq!(saved.headers()["x-content-type-options"], "nosniff");
        let bytes = saved.bytes().await.unwrap();
        assert!(!bytes.windows(5).any(|part| part == b"Li Si"), "metadata is left out");

        // An auditor reads and adds nothing; another unit does not know the issue.
        assert!(!auditor.page(&issue).await.contains("enctype"));
        assert_eq!(auditor.post_file(&issue, &to, &[], ("a.jpg", photo())).await.status(), 403);
        let other = Browser::signed_in(&town, "lijianguo").await;
        assert_eq!(other.get(&file).await.status(), 404);
        assert_eq!(other.post_file("/console", &to, &[], ("a.jpg", photo())).await.status(), 404);
        assert_eq!(Browser::stranger(&town.base).get(&file).await.status(), 303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_in_with_a_new_issue_and_a_bad_one_costs_no_word() {
    for database in BOTH {
        let town = Town::on(database);
        let intake = Browser::signed_in(&town, "intake_officer").await;
        let id = enterprise(&intake).await;
        let from = format!("/console/intake?enterprise={id}");
        let fields = [
            ("seen", "yes"),
            ("enterprise", id.as_str()),
            ("channel", "window"),
            ("category", "power"),
            ("subject", "厂房用电增容"),
            ("body", "需要增容 <b>"),
        ];
        let to = "/console/intake";
        let wrong = intake.post_file(&from, to, &fields, ("a.gif", b"GIF89a".to_vec())).await;
        assert_eq!(wrong.status(), 422, "{database}");
        let page = wrong.text().await.unwrap();
        assert!(page.contains("form-file-error") && page.contains("需要增容 &#60;b&#62;"), "{page}");
        let done = intake.post_file(&from, to, &fields, ("铭牌.jpg", photo())).await;
        assert_eq!(done.status(), 303, "{database}");
        let page = intake.page(place(&done)).await;
        assert!(page.contains("铭牌.jpg") && page.contains("仅工作人员可见"), "{page}");
        // Another session's form is refused, files or not.
        let stolen = intake.post_file(&from, to, &[("csrf", "x")], ("a.jpg", photo())).await;
        assert_ne!(stolen.status(), 303);
    }
}
