-- A PIN is derived from a key that is not in the database until somebody types it
-- right for the first time; from then on its argon2id hash stands here.
CREATE TABLE pin_activations (
    pin_id TEXT NOT NULL PRIMARY KEY REFERENCES pins (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    hash TEXT NOT NULL,
    at TIMESTAMP NOT NULL
);
CREATE TRIGGER pin_activations_append_only BEFORE UPDATE OR DELETE ON pin_activations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER pin_activations_no_truncate BEFORE TRUNCATE ON pin_activations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
