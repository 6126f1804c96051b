DELETE FROM figure_sums WHERE dimension IN ('leader', 'grade');
ALTER TABLE figure_sums DROP CONSTRAINT figure_sums_dimension_check;
ALTER TABLE figure_sums ADD CONSTRAINT figure_sums_dimension_check CHECK (dimension IN ('unit', 'handler', 'category', 'channel', 'level', 'unit_category'));
