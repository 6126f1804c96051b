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
    ledger_cursors (kind) {
        kind -> Text,
        row_id -> Text,
    }
}
