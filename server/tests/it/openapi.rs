//! server/openapi.json is what the server serves (`UPDATE_DOCS=1` rewrites it).

use crate::harness::serve;

#[tokio::test(flavor = "multi_thread")]
async fn the_committed_document_is_the_served_one() {
    let base = serve(&[], Ok(()));
    let served: serde_json::Value =
        crate::harness::get(format!("{base}/openapi.json")).await.unwrap().json().await.unwrap();
    assert_eq!(served["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    assert!(served["paths"]["/readyz"]["get"].is_object());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let text = serde_json::to_string_pretty(&served).unwrap() + "\n";
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    // Compared as values: the order of keys depends on which crates are built together.
    let committed: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(committed, served);
}
