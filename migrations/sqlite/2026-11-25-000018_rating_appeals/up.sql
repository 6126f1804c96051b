-- Appeals by a unit against a rating (误评/恶意), what two or three people outside
-- it decided, and what came of it. The rating itself is never touched: an
-- accepted outcome is the record by which it is left out of the figures.
CREATE TABLE rating_appeals (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    rating_id TEXT NOT NULL REFERENCES ratings (id),
    ground TEXT NOT NULL CHECK (ground IN ('mistaken', 'malicious')),
    reason TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (rating_id)
);

-- The place (1 to 3) keeps two people who decide at once apart.
CREATE TABLE appeal_decisions (
    id TEXT NOT NULL PRIMARY KEY,
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    appeal_id TEXT NOT NULL REFERENCES rating_appeals (id),
    place INTEGER NOT NULL CHECK (place BETWEEN 1 AND 3),
    judgement TEXT NOT NULL CHECK (judgement IN ('accepted', 'rejected')),
    reason TEXT NOT NULL,
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL,
    UNIQUE (appeal_id, place),
    UNIQUE (appeal_id, by)
);

CREATE TABLE appeal_outcomes (
    rating_id TEXT NOT NULL PRIMARY KEY REFERENCES ratings (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    appeal_id TEXT NOT NULL REFERENCES rating_appeals (id),
    judgement TEXT NOT NULL CHECK (judgement IN ('accepted', 'rejected')),
    at TIMESTAMP NOT NULL,
    UNIQUE (appeal_id)
);

-- The list of ratings is read newest first.
CREATE INDEX ratings_by_time ON ratings (at, id);

CREATE TRIGGER rating_appeals_no_update BEFORE UPDATE ON rating_appeals BEGIN SELECT RAISE(ABORT, 'rows of rating_appeals are append-only'); END;
CREATE TRIGGER rating_appeals_no_delete BEFORE DELETE ON rating_appeals BEGIN SELECT RAISE(ABORT, 'rows of rating_appeals are append-only'); END;
CREATE TRIGGER appeal_decisions_no_update BEFORE UPDATE ON appeal_decisions BEGIN SELECT RAISE(ABORT, 'rows of appeal_decisions are append-only'); END;
CREATE TRIGGER appeal_decisions_no_delete BEFORE DELETE ON appeal_decisions BEGIN SELECT RAISE(ABORT, 'rows of appeal_decisions are append-only'); END;
CREATE TRIGGER appeal_outcomes_no_update BEFORE UPDATE ON appeal_outcomes BEGIN SELECT RAISE(ABORT, 'rows of appeal_outcomes are append-only'); END;
CREATE TRIGGER appeal_outcomes_no_delete BEFORE DELETE ON appeal_outcomes BEGIN SELECT RAISE(ABORT, 'rows of appeal_outcomes are append-only'); END;
