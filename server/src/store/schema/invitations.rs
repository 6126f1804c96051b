//! Invitations to rate, their reminders, and what stood behind a rating.

diesel::table! {
    rating_invitations (id) {
        id -> Text,
        enterprise_id -> Text,
        issue_id -> Text,
        closure_id -> Text,
        until -> Date,
        at -> Timestamp,
    }
}

diesel::table! {
    rating_reminders (invitation_id) {
        invitation_id -> Text,
        enterprise_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    rating_proofs (rating_id) {
        rating_id -> Text,
        enterprise_id -> Text,
        proof -> Text,
        invitation_id -> Nullable<Text>,
        officer_id -> Nullable<Text>,
        at -> Timestamp,
        webhook_id -> Nullable<Text>,
    }
}
