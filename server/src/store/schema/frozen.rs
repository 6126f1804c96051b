//! What is frozen with closures and assignments, beside what stands in their own rows.

diesel::table! {
    closure_facts (closure_id) {
        closure_id -> Text,
        enterprise_id -> Text,
        grade -> Text,
        leader_id -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    assignment_facts (assignment_id) {
        assignment_id -> Text,
        enterprise_id -> Text,
        grade -> Text,
        leader_id -> Nullable<Text>,
        at -> Timestamp,
    }
}
