//! Where ratings came from, and which are flagged.

diesel::table! {
    rating_traces (rating_id) {
        rating_id -> Text,
        enterprise_id -> Text,
        unit_id -> Text,
        handler_id -> Text,
        network -> Text,
        device -> Nullable<Text>,
        at -> Timestamp,
    }
}

diesel::table! {
    rating_flags (id) {
        id -> Text,
        enterprise_id -> Text,
        rating_id -> Text,
        reason -> Text,
        at -> Timestamp,
    }
}
