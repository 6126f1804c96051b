//! The schema as diesel sees it; keep it in step with the migrations, which describe each column.
#![expect(missing_docs, reason = "columns are documented in the migrations")]

diesel::table! {
    units (id) {
        id -> Text,
        name_zh -> Text,
        name_en -> Text,
        position -> Integer,
    }
}

diesel::table! {
    offices (id) {
        id -> Text,
        unit_id -> Text,
        name_zh -> Text,
        name_en -> Text,
        phone -> Text,
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
    }
}

diesel::table! {
    workdays (day) {
        day -> Date,
        kind -> Text,
        status -> Text,
    }
}

diesel::table! {
    enterprises (id) {
        id -> Text,
        uscc -> Text,
        name -> Text,
        search_key -> Text,
        registered_at -> Timestamp,
        registered_by -> Text,
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
    issues (id) {
        id -> Text,
        enterprise_id -> Text,
        number -> Text,
        subject -> Text,
        body -> Text,
        category_id -> Text,
        channel_id -> Text,
        level -> Text,
        state -> Text,
        is_open -> Bool,
        version -> Integer,
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
    }
}

diesel::table! {
    assignments (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        part -> Text,
        unit_id -> Text,
        office_id -> Nullable<Text>,
        handler_id -> Nullable<Text>,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    extensions (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        from_on -> Date,
        to_on -> Date,
        reason -> Text,
        note -> Nullable<Text>,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    reports (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        result -> Text,
        reply -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    closures (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        result -> Text,
        reply -> Text,
        at -> Timestamp,
        by -> Text,
        unit_id -> Text,
        handler_id -> Text,
        first_due_on -> Date,
        due_on -> Date,
        rate_until -> Date,
    }
}

diesel::table! {
    ratings (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        closure_id -> Text,
        tier -> Text,
        round -> Text,
        verdict -> Text,
        level -> Nullable<Text>,
        solved -> Nullable<Text>,
        comment -> Nullable<Text>,
        tags -> Text,
        tags_version -> Integer,
        code_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    events (id) {
        id -> Text,
        enterprise_id -> Text,
        subject_id -> Text,
        seq -> Integer,
        kind -> Text,
        state -> Nullable<Text>,
        note -> Nullable<Text>,
        detail -> Text,
        at -> Timestamp,
        by -> Text,
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

diesel::joinable!(offices -> units (unit_id));
diesel::joinable!(staff -> offices (office_id));
diesel::joinable!(staff_roles -> staff (staff_id));
diesel::joinable!(staff_sessions -> staff (staff_id));
diesel::joinable!(console_sessions -> staff_sessions (session_id));
diesel::joinable!(categories -> units (lead_unit_id));
diesel::joinable!(codes -> enterprises (enterprise_id));
diesel::joinable!(code_endings -> enterprises (enterprise_id));
diesel::joinable!(pins -> enterprises (enterprise_id));
diesel::joinable!(devices -> enterprises (enterprise_id));
diesel::joinable!(devices -> pins (pin_id));
diesel::joinable!(issues -> enterprises (enterprise_id));
diesel::joinable!(issues -> categories (category_id));
diesel::joinable!(issues -> channels (channel_id));
diesel::joinable!(issues -> units (lead_unit_id));
diesel::joinable!(issues -> offices (office_id));
diesel::joinable!(issues -> staff (handler_id));
diesel::joinable!(assignments -> enterprises (enterprise_id));
diesel::joinable!(assignments -> issues (issue_id));
diesel::joinable!(assignments -> units (unit_id));
diesel::joinable!(assignments -> offices (office_id));
diesel::joinable!(assignments -> staff (handler_id));
diesel::joinable!(extensions -> enterprises (enterprise_id));
diesel::joinable!(extensions -> issues (issue_id));
diesel::joinable!(reports -> enterprises (enterprise_id));
diesel::joinable!(reports -> issues (issue_id));
diesel::joinable!(closures -> enterprises (enterprise_id));
diesel::joinable!(closures -> issues (issue_id));
diesel::joinable!(closures -> units (unit_id));
diesel::joinable!(closures -> staff (handler_id));
diesel::joinable!(ratings -> enterprises (enterprise_id));
diesel::joinable!(ratings -> issues (issue_id));
diesel::joinable!(ratings -> closures (closure_id));
diesel::joinable!(ratings -> codes (code_id));
diesel::joinable!(events -> enterprises (enterprise_id));

diesel::allow_tables_to_appear_in_same_query!(
    units,
    offices,
    staff,
    staff_roles,
    staff_sessions,
    console_sessions,
    channels,
    categories,
    workdays,
    enterprises,
    codes,
    code_endings,
    pins,
    devices,
    attempts,
    issues,
    assignments,
    extensions,
    reports,
    closures,
    ratings,
    events,
    idempotency_keys,
);
