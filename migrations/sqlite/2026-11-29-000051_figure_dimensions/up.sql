-- Sums by leader and by the frozen grade.
ALTER TABLE figure_sums RENAME TO figure_sums_before;
CREATE TABLE figure_sums (
    span TEXT NOT NULL CHECK (span IN ('day', 'month')),
    dimension TEXT NOT NULL CHECK (dimension IN ('unit', 'handler', 'leader', 'category', 'channel', 'level', 'grade', 'unit_category')),
    -- The first of the month, for a month.
    day DATE NOT NULL,
    -- Id of the unit, person, …; empty: nobody had it yet, or nobody is in charge.
    member TEXT NOT NULL,
    -- JSON: n counts, w what waits for which day, t tags, h first words by tenths of hours.
    sums TEXT NOT NULL,
    PRIMARY KEY (span, dimension, day, member)
);
INSERT INTO figure_sums SELECT span, dimension, day, member, sums FROM figure_sums_before;
DROP TABLE figure_sums_before;

-- Every day is counted anew, by the job that keeps the sums.
INSERT INTO figure_marks (id, day)
    SELECT DISTINCT '000051-' || day, day FROM figure_sums WHERE span = 'day' AND dimension = 'unit';
