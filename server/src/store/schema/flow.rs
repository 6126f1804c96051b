//! What an issue waits for, who asked for what, who ruled how.

use super::{assignments, closures, enterprises, issues, ratings, staff, units};

diesel::table! {
    requests (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        kind -> Text,
        unit_id -> Text,
        reason -> Text,
        working_days -> Nullable<Integer>,
        review_on -> Nullable<Date>,
        suggested_unit_id -> Nullable<Text>,
        note -> Nullable<Text>,
        from_state -> Text,
        at -> Timestamp,
        by -> Text,
        round -> Integer,
    }
}

diesel::table! {
    rulings (request_id) {
        request_id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        decision -> Text,
        note -> Nullable<Text>,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    assist_replies (assignment_id) {
        assignment_id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        reply -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    assist_endings (assignment_id) {
        assignment_id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    provisional_limits (assignment_id) {
        assignment_id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        length -> Nullable<Integer>,
        at -> Timestamp,
    }
}

diesel::table! {
    recounted_limits (assignment_id) {
        assignment_id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        due_at -> Timestamp,
        at -> Timestamp,
    }
}

diesel::table! {
    first_contacts (assignment_id) {
        assignment_id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        unit_id -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    conferences (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        subject -> Text,
        units -> Text,
        planned_on -> Date,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    conference_minutes (conference_id) {
        conference_id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        held_on -> Date,
        minutes -> Text,
        unit_id -> Text,
        due_on -> Date,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    deferrals (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        reason -> Text,
        review_on -> Date,
        working_days_left -> Integer,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    resumptions (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        from_on -> Date,
        to_on -> Date,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    supervisions (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        kind -> Text,
        clock -> Nullable<Text>,
        unit_id -> Nullable<Text>,
        note -> Nullable<Text>,
        at -> Timestamp,
        by -> Text,
        limit_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    rectifications (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        closure_id -> Text,
        rating_id -> Nullable<Text>,
        unit_id -> Text,
        handler_id -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    rectification_steps (id) {
        id -> Text,
        enterprise_id -> Text,
        rectification_id -> Text,
        kind -> Text,
        note -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    follow_ups (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        closure_id -> Text,
        reached -> Bool,
        contacted -> Nullable<Text>,
        solved -> Nullable<Text>,
        satisfaction -> Nullable<Text>,
        note -> Nullable<Text>,
        decision -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::joinable!(requests -> enterprises (enterprise_id));
diesel::joinable!(requests -> issues (issue_id));
diesel::joinable!(requests -> units (unit_id));
diesel::joinable!(rulings -> requests (request_id));
diesel::joinable!(rulings -> enterprises (enterprise_id));
diesel::joinable!(rulings -> issues (issue_id));
diesel::joinable!(assist_replies -> assignments (assignment_id));
diesel::joinable!(assist_replies -> enterprises (enterprise_id));
diesel::joinable!(assist_replies -> issues (issue_id));
diesel::joinable!(assist_endings -> assignments (assignment_id));
diesel::joinable!(assist_endings -> enterprises (enterprise_id));
diesel::joinable!(assist_endings -> issues (issue_id));
diesel::joinable!(provisional_limits -> assignments (assignment_id));
diesel::joinable!(provisional_limits -> enterprises (enterprise_id));
diesel::joinable!(provisional_limits -> issues (issue_id));
diesel::joinable!(recounted_limits -> assignments (assignment_id));
diesel::joinable!(recounted_limits -> enterprises (enterprise_id));
diesel::joinable!(recounted_limits -> issues (issue_id));
diesel::joinable!(first_contacts -> assignments (assignment_id));
diesel::joinable!(first_contacts -> enterprises (enterprise_id));
diesel::joinable!(first_contacts -> issues (issue_id));
diesel::joinable!(first_contacts -> units (unit_id));
diesel::joinable!(conferences -> enterprises (enterprise_id));
diesel::joinable!(conferences -> issues (issue_id));
diesel::joinable!(conference_minutes -> conferences (conference_id));
diesel::joinable!(conference_minutes -> enterprises (enterprise_id));
diesel::joinable!(conference_minutes -> issues (issue_id));
diesel::joinable!(conference_minutes -> units (unit_id));
diesel::joinable!(deferrals -> enterprises (enterprise_id));
diesel::joinable!(deferrals -> issues (issue_id));
diesel::joinable!(resumptions -> enterprises (enterprise_id));
diesel::joinable!(resumptions -> issues (issue_id));
diesel::joinable!(supervisions -> enterprises (enterprise_id));
diesel::joinable!(supervisions -> issues (issue_id));
diesel::joinable!(supervisions -> units (unit_id));
diesel::table! {
    rectification_limits (rectification_id) {
        rectification_id -> Text,
        enterprise_id -> Text,
        working_days -> Integer,
        at -> Timestamp,
    }
}

diesel::joinable!(rectifications -> enterprises (enterprise_id));
diesel::joinable!(rectifications -> issues (issue_id));
diesel::joinable!(rectifications -> closures (closure_id));
diesel::joinable!(rectifications -> ratings (rating_id));
diesel::joinable!(rectifications -> units (unit_id));
diesel::joinable!(rectifications -> staff (handler_id));
diesel::joinable!(rectification_steps -> enterprises (enterprise_id));
diesel::joinable!(rectification_steps -> rectifications (rectification_id));
diesel::joinable!(follow_ups -> enterprises (enterprise_id));
diesel::joinable!(follow_ups -> issues (issue_id));
diesel::joinable!(follow_ups -> closures (closure_id));
