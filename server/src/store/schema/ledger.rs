//! Tables of the tamper-evident log.

diesel::table! {
    ledger_entries (position) {
        position -> BigInt,
        kind -> Text,
        row_id -> Text,
        leaf -> Text,
    }
}

diesel::table! {
    ledger_salts (kind, row_id) {
        kind -> Text,
        row_id -> Text,
        salt -> Text,
    }
}

diesel::table! {
    ledger_nodes (place) {
        place -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    ledger_heads (size) {
        size -> BigInt,
        root -> Text,
        note -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    ledger_openings (kind) {
        kind -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    state_facts (id) {
        id -> Text,
        table_name -> Text,
        row_key -> Text,
        version -> Integer,
        fits -> Bool,
        gone -> Bool,
        content -> Text,
    }
}

diesel::table! {
    issue_facts (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        version -> Integer,
        fits -> Bool,
        words -> Text,
        category_id -> Text,
        channel_id -> Text,
        level -> Text,
        state -> Text,
        is_open -> Bool,
        submitted_at -> Timestamp,
        submitted_by -> Text,
        accepted_at -> Nullable<Timestamp>,
        lead_unit_id -> Nullable<Text>,
        office_id -> Nullable<Text>,
        handler_id -> Nullable<Text>,
        first_due_on -> Nullable<Date>,
        due_on -> Nullable<Date>,
        due_at -> Nullable<Timestamp>,
        provisional -> Bool,
        last_kind -> Text,
        last_at -> Timestamp,
        closure_id -> Nullable<Text>,
        state_at -> Timestamp,
        replied_at -> Nullable<Timestamp>,
        review_on -> Nullable<Date>,
        supervision -> Text,
        merged_into -> Nullable<Text>,
        round -> Integer,
    }
}
