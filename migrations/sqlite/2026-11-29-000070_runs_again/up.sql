-- A run that issues all codes of a key again names the key; no job takes it up, the command that
-- began it carries it on.
ALTER TABLE code_runs ADD COLUMN compromised INTEGER;
-- A run that revokes codes says which and why (JSON). `issued` counts what it revoked, `through` is the
-- place of the last code that was looked at.
ALTER TABLE code_runs ADD COLUMN revokes TEXT;
