-- That the people who decide on appeals were urged: once an appeal, whatever a timer does twice.
CREATE TABLE appeal_urgings (
    appeal_id TEXT NOT NULL PRIMARY KEY REFERENCES rating_appeals (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    at TIMESTAMP NOT NULL
);
CREATE TRIGGER appeal_urgings_append_only BEFORE UPDATE OR DELETE ON appeal_urgings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER appeal_urgings_no_truncate BEFORE TRUNCATE ON appeal_urgings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
