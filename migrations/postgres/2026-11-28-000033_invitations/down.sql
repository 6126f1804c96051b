DROP TABLE rating_proofs;
DROP TABLE rating_reminders;
DROP TABLE rating_invitations;
DELETE FROM leases WHERE name = 'invitations';
ALTER TABLE issue_contacts DROP COLUMN email;
-- What came without a code has no place in the older schema.
ALTER TABLE ratings DISABLE TRIGGER ratings_append_only;
DELETE FROM ratings WHERE code_id IS NULL;
ALTER TABLE ratings ENABLE TRIGGER ratings_append_only;
ALTER TABLE ratings DROP CONSTRAINT ratings_tier_check;
ALTER TABLE ratings ADD CONSTRAINT ratings_tier_check CHECK (tier IN ('unverified', 'owner'));
ALTER TABLE ratings ALTER COLUMN code_id SET NOT NULL;
