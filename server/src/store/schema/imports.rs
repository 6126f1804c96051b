//! Imports of enterprises.

diesel::table! {
    enterprise_imports (id) {
        id -> Text,
        file_name -> Text,
        file_hash -> Text,
        at -> Timestamp,
        by -> Text,
        state -> Text,
        confirmed -> Bool,
        total -> Integer,
        through -> Integer,
        fresh -> Integer,
        changed -> Integer,
        same -> Integer,
        held -> Integer,
        bad -> Integer,
        failure -> Nullable<Text>,
        moved_at -> Timestamp,
    }
}

diesel::table! {
    enterprise_import_rows (import_id, line) {
        import_id -> Text,
        line -> Integer,
        verdict -> Text,
        finding -> Text,
        detail -> Text,
        uscc -> Text,
        name -> Text,
    }
}
