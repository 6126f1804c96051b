//! Runs that issue codes for many enterprises.

use super::codes;

diesel::table! {
    code_runs (id) {
        id -> Text,
        at -> Timestamp,
        by -> Text,
        wish -> Text,
        state -> Text,
        total -> Integer,
        through -> Text,
        issued -> Integer,
        moved_at -> Timestamp,
        compromised -> Nullable<Integer>,
        revokes -> Nullable<Text>,
    }
}

diesel::table! {
    code_run_lines (run_id, line) {
        run_id -> Text,
        line -> Integer,
        enterprise_id -> Text,
        code_id -> Text,
    }
}

diesel::joinable!(code_run_lines -> codes (code_id));
