//! Tables of timed jobs, the inbox and the outbox.

use super::{accounts::staff_units, enterprises, issues, offices};

diesel::table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        until -> Timestamp,
        done -> Text,
    }
}

diesel::table! {
    staff_mail (staff_id) {
        staff_id -> Text,
        address -> Text,
        set_at -> Timestamp,
        set_by -> Text,
    }
}

diesel::table! {
    notices (id) {
        id -> Text,
        staff_id -> Text,
        event_id -> Text,
        issue_id -> Text,
        number -> Text,
        kind -> Text,
        clock -> Nullable<Text>,
        at -> Timestamp,
        read_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    webhooks (id) {
        id -> Text,
        name -> Text,
        url -> Text,
        kinds -> Text,
        turn -> Integer,
        made_at -> Timestamp,
        made_by -> Text,
        paused_at -> Nullable<Timestamp>,
        removed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    webhook_links (id) {
        id -> Text,
        webhook_id -> Text,
        deed -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        kind -> Text,
        target -> Text,
        event_id -> Text,
        event_kind -> Text,
        payload -> Text,
        made_at -> Timestamp,
        next_try_at -> Nullable<Timestamp>,
        tries -> Integer,
        delivered_at -> Nullable<Timestamp>,
        failed_at -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
    }
}

diesel::table! {
    promises (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        from_on -> Date,
        working_days -> Integer,
        due_on -> Date,
        first_working_days -> Nullable<Integer>,
        at -> Timestamp,
    }
}

diesel::joinable!(promises -> enterprises (enterprise_id));
diesel::joinable!(promises -> issues (issue_id));
diesel::joinable!(notices -> issues (issue_id));
diesel::allow_tables_to_appear_in_same_query!(staff_units, offices);
diesel::allow_tables_to_appear_in_same_query!(staff_units, staff_mail);
