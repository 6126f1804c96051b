ALTER TABLE figure_sums RENAME TO figure_sums_before;
CREATE TABLE figure_sums (
    span TEXT NOT NULL CHECK (span IN ('day', 'month')),
    dimension TEXT NOT NULL CHECK (dimension IN ('unit', 'handler', 'category', 'channel', 'level', 'unit_category')),
    -- The first of the month, for a month.
    day DATE NOT NULL,
    -- Id of the unit, person, …; empty: nobody had it yet, or nobody is in charge.
    member TEXT NOT NULL,
    -- JSON: n counts, w what waits for which day, t tags, h first words by tenths of hours.
    sums TEXT NOT NULL,
    PRIMARY KEY (span, dimension, day, member)
);
INSERT INTO figure_sums SELECT span, dimension, day, member, sums FROM figure_sums_before WHERE dimension NOT IN ('leader', 'grade');
DROP TABLE figure_sums_before;
