-- That the people who decide on appeals were urged: once an appeal, whatever a timer does twice.
CREATE TABLE appeal_urgings (
    appeal_id TEXT NOT NULL PRIMARY KEY REFERENCES rating_appeals (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    at TIMESTAMP NOT NULL
);
CREATE TRIGGER appeal_urgings_no_update BEFORE UPDATE ON appeal_urgings BEGIN SELECT RAISE(ABORT, 'rows of appeal_urgings are append-only'); END;
CREATE TRIGGER appeal_urgings_no_delete BEFORE DELETE ON appeal_urgings BEGIN SELECT RAISE(ABORT, 'rows of appeal_urgings are append-only'); END;
