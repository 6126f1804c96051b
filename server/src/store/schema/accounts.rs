//! Tables of people and administration; the rest of the schema is next door.

#![expect(missing_docs, reason = "derived code has no comments")]

use super::{channels, staff, staff_roles, units};

diesel::table! {
    staff_units (staff_id, unit_id) {
        staff_id -> Text,
        unit_id -> Text,
    }
}

diesel::table! {
    staff_totp (staff_id) {
        staff_id -> Text,
        secret -> Text,
        begun_at -> Timestamp,
        enrolled_at -> Nullable<Timestamp>,
        last_step -> BigInt,
    }
}

diesel::table! {
    recovery_codes (staff_id, code_hash) {
        staff_id -> Text,
        code_hash -> Text,
        made_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    staff_devices (token_hash) {
        token_hash -> Text,
        staff_id -> Text,
        proved_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    one_time_links (token_hash) {
        token_hash -> Text,
        purpose -> Text,
        staff_id -> Nullable<Text>,
        made_at -> Timestamp,
        made_by -> Text,
        expires_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    api_tokens (id) {
        id -> Text,
        name -> Text,
        token_hash -> Text,
        scopes -> Text,
        channel_id -> Nullable<Text>,
        made_at -> Timestamp,
        made_by -> Text,
        expires_at -> Timestamp,
        last_used_on -> Nullable<Date>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    settings (key) {
        key -> Text,
        value -> Text,
        set_at -> Timestamp,
        set_by -> Text,
    }
}

diesel::table! {
    admin_events (id) {
        id -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        kind -> Text,
        detail -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::joinable!(staff_units -> staff (staff_id));
diesel::joinable!(staff_units -> units (unit_id));
diesel::joinable!(staff_devices -> staff (staff_id));
diesel::joinable!(one_time_links -> staff (staff_id));
diesel::joinable!(api_tokens -> channels (channel_id));

diesel::allow_tables_to_appear_in_same_query!(staff_units, staff);
diesel::allow_tables_to_appear_in_same_query!(staff_units, staff_roles);
diesel::allow_tables_to_appear_in_same_query!(staff_units, units);
diesel::allow_tables_to_appear_in_same_query!(one_time_links, staff);
diesel::allow_tables_to_appear_in_same_query!(staff_devices, staff);
diesel::allow_tables_to_appear_in_same_query!(api_tokens, channels);
