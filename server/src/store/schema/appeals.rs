//! Appeals against ratings.

diesel::table! {
    rating_appeals (id) {
        id -> Text,
        enterprise_id -> Text,
        rating_id -> Text,
        ground -> Text,
        reason -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    appeal_decisions (id) {
        id -> Text,
        enterprise_id -> Text,
        appeal_id -> Text,
        place -> Integer,
        judgement -> Text,
        reason -> Text,
        at -> Timestamp,
        by -> Text,
    }
}

diesel::table! {
    appeal_outcomes (rating_id) {
        rating_id -> Text,
        enterprise_id -> Text,
        appeal_id -> Text,
        judgement -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    appeal_urgings (appeal_id) {
        appeal_id -> Text,
        enterprise_id -> Text,
        at -> Timestamp,
    }
}
