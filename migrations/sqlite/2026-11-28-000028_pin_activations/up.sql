-- A PIN is derived from a key that is not in the database until somebody types it
-- right for the first time; from then on its argon2id hash stands here.
CREATE TABLE pin_activations (
    pin_id TEXT NOT NULL PRIMARY KEY REFERENCES pins (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    hash TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE TRIGGER pin_activations_no_update BEFORE UPDATE ON pin_activations BEGIN SELECT RAISE(ABORT, 'rows of pin_activations are append-only'); END;
CREATE TRIGGER pin_activations_no_delete BEFORE DELETE ON pin_activations BEGIN SELECT RAISE(ABORT, 'rows of pin_activations are append-only'); END;
