//! What is attached to issues.

use super::{enterprises, issues};

diesel::table! {
    attachments (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        hash -> Text,
        name -> Text,
        kind -> Text,
        size -> Integer,
        for_owner -> Bool,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::joinable!(attachments -> enterprises (enterprise_id));
diesel::joinable!(attachments -> issues (issue_id));
