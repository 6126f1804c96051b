//! What stands now of records that are only ever added to.

use super::{assignments, enterprises, issues, requests, units};

diesel::table! {
    waiting_requests (request_id) {
        request_id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
    }
}

diesel::table! {
    assisting_units (assignment_id) {
        assignment_id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        unit_id -> Text,
        is_open -> Bool,
    }
}

diesel::joinable!(waiting_requests -> requests (request_id));
diesel::joinable!(waiting_requests -> enterprises (enterprise_id));
diesel::joinable!(waiting_requests -> issues (issue_id));
diesel::joinable!(assisting_units -> assignments (assignment_id));
diesel::joinable!(assisting_units -> enterprises (enterprise_id));
diesel::joinable!(assisting_units -> issues (issue_id));
diesel::joinable!(assisting_units -> units (unit_id));
