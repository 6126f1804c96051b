-- Sums for the figures: of a day, or of a calendar month, by one dimension. They are
-- derived: a job keeps them from what happened, and they can be counted again from it
-- at any time. A dashboard over years then reads thousands of rows, not millions.
CREATE TABLE figure_sums (
    span TEXT NOT NULL CHECK (span IN ('day', 'month')),
    dimension TEXT NOT NULL CHECK (dimension IN ('unit', 'handler', 'category', 'channel', 'level', 'unit_category')),
    -- The first of the month, for a month.
    day DATE NOT NULL,
    -- Id of the unit, person, …; empty: nobody had it yet.
    member TEXT NOT NULL,
    -- JSON: n counts, w what waits for which day, t tags, h first words by tenths of hours.
    sums TEXT NOT NULL,
    PRIMARY KEY (span, dimension, day, member)
);

-- Days that something happened to since they were counted.
CREATE TABLE figure_marks (
    id TEXT NOT NULL PRIMARY KEY,
    day DATE NOT NULL
);
CREATE INDEX figure_marks_by_day ON figure_marks (day);

-- A day is counted by what was done on it and what was promised for it.
CREATE INDEX closures_by_time ON closures (at);
CREATE INDEX closures_by_due ON closures (due_on);
CREATE INDEX closures_by_first_due ON closures (first_due_on);
CREATE INDEX issues_by_acceptance ON issues (accepted_at);
CREATE INDEX issues_by_due_day ON issues (due_on);
CREATE INDEX issues_by_first_due_day ON issues (first_due_on);
CREATE INDEX assignments_by_time ON assignments (at);

-- `done` is the position in the log up to which days were marked.
INSERT INTO leases (name, holder, until, done) VALUES ('figures', '', '1970-01-01 00:00:00', '0');
