//! The words of the console, a file a page. Each text stands once with its two
//! languages side by side: `lang.pick("中文", "English")`.

pub mod codes;
pub mod facts;
pub mod figures;
pub mod files;
pub mod frame;
pub mod inbox;
pub mod intake;
pub mod issue;
pub mod list;
pub mod ratings;
pub mod registers;
pub mod settings;
pub mod tags;
pub mod terms;
pub mod trail;
pub mod turn;
pub mod unsent;
pub mod verbs;
pub mod webhooks;
