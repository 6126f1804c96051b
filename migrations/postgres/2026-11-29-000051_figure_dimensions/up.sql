-- Sums by leader and by the frozen grade.
ALTER TABLE figure_sums DROP CONSTRAINT figure_sums_dimension_check;
ALTER TABLE figure_sums ADD CONSTRAINT figure_sums_dimension_check CHECK (dimension IN ('unit', 'handler', 'leader', 'category', 'channel', 'level', 'grade', 'unit_category'));

-- Every day is counted anew, by the job that keeps the sums.
INSERT INTO figure_marks (id, day)
    SELECT DISTINCT '000051-' || day::text, day FROM figure_sums WHERE span = 'day' AND dimension = 'unit';
