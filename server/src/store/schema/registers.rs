//! Enterprises, their codes, and what lets an owner in.

diesel::table! {
    enterprises (id) {
        id -> Text,
        uscc -> Text,
        name -> Text,
        search_key -> Text,
        registered_at -> Timestamp,
        registered_by -> Text,
        key_version -> Integer,
    }
}

diesel::table! {
    codes (id) {
        id -> Text,
        enterprise_id -> Text,
        kid -> Integer,
        issued_at -> Timestamp,
        issued_by -> Text,
    }
}

diesel::table! {
    code_endings (code_id) {
        code_id -> Text,
        enterprise_id -> Text,
        kind -> Text,
        at -> Timestamp,
        by -> Text,
        reason -> Text,
        replaced_by -> Nullable<Text>,
        reason_code -> Text,
    }
}

diesel::table! {
    pins (id) {
        id -> Text,
        enterprise_id -> Text,
        hash -> Text,
        set_at -> Timestamp,
        set_by -> Text,
    }
}

diesel::table! {
    pin_activations (pin_id) {
        pin_id -> Text,
        enterprise_id -> Text,
        hash -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    devices (token_hash) {
        token_hash -> Text,
        enterprise_id -> Text,
        pin_id -> Text,
        proved_at -> Timestamp,
        expires_at -> Timestamp,
        removed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    attempts (id) {
        id -> Text,
        kind -> Text,
        subject -> Text,
        who -> Text,
        at -> Timestamp,
        succeeded -> Bool,
    }
}

diesel::table! {
    idempotency_keys (scope, key_hash) {
        scope -> Text,
        key_hash -> Text,
        body_hash -> Text,
        answer -> Text,
        at -> Timestamp,
    }
}

diesel::joinable!(codes -> enterprises (enterprise_id));
diesel::joinable!(code_endings -> enterprises (enterprise_id));
diesel::joinable!(pins -> enterprises (enterprise_id));
diesel::joinable!(devices -> enterprises (enterprise_id));
diesel::joinable!(devices -> pins (pin_id));
