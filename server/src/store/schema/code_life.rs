//! What happens to codes after they were issued.

use super::{codes, enterprises};

diesel::table! {
    code_suspensions (id) {
        id -> Text,
        code_id -> Text,
        enterprise_id -> Text,
        at -> Timestamp,
        by -> Text,
        reason_code -> Text,
        reason -> Text,
    }
}

diesel::table! {
    code_resumptions (suspension_id) {
        suspension_id -> Text,
        code_id -> Text,
        enterprise_id -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    code_scans (enterprise_id, code_id, day) {
        enterprise_id -> Text,
        code_id -> Text,
        day -> Date,
        scans -> Integer,
    }
}

diesel::joinable!(code_resumptions -> code_suspensions (suspension_id));
diesel::joinable!(code_suspensions -> codes (code_id));
diesel::joinable!(code_scans -> enterprises (enterprise_id));
