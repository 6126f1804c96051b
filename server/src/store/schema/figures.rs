//! Sums that the figures are read from.

diesel::table! {
    figure_sums (span, dimension, day, member) {
        span -> Text,
        dimension -> Text,
        day -> Date,
        member -> Text,
        sums -> Text,
    }
}

diesel::table! {
    figure_marks (id) {
        id -> Text,
        day -> Date,
    }
}
