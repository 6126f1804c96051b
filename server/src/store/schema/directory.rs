//! Units, people, categories, the calendar.

diesel::table! {
    units (id) {
        id -> Text,
        name_zh -> Text,
        name_en -> Text,
        position -> Integer,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    offices (id) {
        id -> Text,
        unit_id -> Text,
        name_zh -> Text,
        name_en -> Text,
        phone -> Text,
        position -> Integer,
        closed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    staff (id) {
        id -> Text,
        username -> Text,
        name -> Text,
        post -> Text,
        password_hash -> Text,
        office_id -> Nullable<Text>,
        created_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    staff_roles (staff_id, role) {
        staff_id -> Text,
        role -> Text,
    }
}

diesel::table! {
    staff_sessions (id) {
        id -> Text,
        staff_id -> Text,
        refresh_hash -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        stage -> Text,
        place -> Text,
        seen_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    spent_refresh_tokens (refresh_hash) {
        refresh_hash -> Text,
        session_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    console_sessions (session_id) {
        session_id -> Text,
        token_hash -> Text,
        seen_at -> Timestamp,
        label -> Text,
    }
}

diesel::table! {
    channels (id) {
        id -> Text,
        name_zh -> Text,
        name_en -> Text,
        position -> Integer,
        retired_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    categories (id) {
        id -> Text,
        name_zh -> Text,
        name_en -> Text,
        grade -> Text,
        limit_working_days -> Nullable<Integer>,
        limit_hours -> Nullable<Integer>,
        lead_unit_id -> Nullable<Text>,
        position -> Integer,
        parent_id -> Nullable<Text>,
        retired_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    workdays (day) {
        day -> Date,
        kind -> Text,
        status -> Text,
    }
}

diesel::joinable!(offices -> units (unit_id));
diesel::joinable!(staff -> offices (office_id));
diesel::joinable!(staff_roles -> staff (staff_id));
diesel::joinable!(staff_sessions -> staff (staff_id));
diesel::joinable!(spent_refresh_tokens -> staff_sessions (session_id));
diesel::joinable!(console_sessions -> staff_sessions (session_id));
diesel::joinable!(categories -> units (lead_unit_id));
