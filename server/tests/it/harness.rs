//! A server on a free port, with settings of the test's own.

use std::{collections::BTreeMap, sync::Arc};

use qiyema_server::{
    clock::Clock,
    config::{Config, Flags},
    startup::{Application, figures},
    web::Shared,
};

/// Starts a server with these settings and gives its base URL.
pub fn serve(settings: &[(&str, &str)], ready: Result<(), String>) -> String {
    let mut all =
        vec![("http.listen".to_owned(), "127.0.0.1:0".to_owned()), ("http.workers".into(), "1".into())];
    all.extend(settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    let config = Config::load(&Flags { file: None, settings: all }, &BTreeMap::new()).unwrap();
    let shared = Shared {
        config: Arc::new(config),
        clock: Clock::System,
        ready: Arc::new(move || ready.clone()),
        metrics: figures().unwrap(),
    };
    let (told, port) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let application = Application::build(&shared).unwrap();
            told.send(application.port()).unwrap();
            application.run_until_stopped().await.unwrap();
        });
    });
    format!("http://127.0.0.1:{}", port.recv().unwrap())
}
