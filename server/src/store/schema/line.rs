//! Issues and the records of their main line.

use super::{categories, channels, codes, enterprises, offices, staff, units};

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
        state_at -> Timestamp,
        replied_at -> Nullable<Timestamp>,
        review_on -> Nullable<Date>,
        supervision -> Text,
        limit_at -> Nullable<Timestamp>,
        next_at -> Nullable<Timestamp>,
        merged_into -> Nullable<Text>,
        round -> Integer,
    }
}

diesel::table! {
    issue_contacts (issue_id) {
        issue_id -> Text,
        enterprise_id -> Text,
        name -> Text,
        phone -> Text,
        email -> Nullable<Text>,
    }
}

diesel::table! {
    issue_references (channel_id, reference) {
        channel_id -> Text,
        reference -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
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
        due_at -> Nullable<Timestamp>,
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
        round -> Integer,
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
        code_id -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    rating_tags (version, id) {
        version -> Integer,
        position -> Integer,
        id -> Text,
        score -> Integer,
        zh -> Text,
        en -> Text,
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
diesel::joinable!(issue_contacts -> issues (issue_id));
diesel::joinable!(issue_contacts -> enterprises (enterprise_id));
diesel::joinable!(issue_references -> channels (channel_id));
diesel::joinable!(issue_references -> enterprises (enterprise_id));
diesel::joinable!(issue_references -> issues (issue_id));
