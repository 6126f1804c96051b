DROP INDEX issue_contacts_by_email;
-- The older schema knows no such reasons; flags that bear one go.
ALTER TABLE rating_flags DISABLE TRIGGER rating_flags_append_only;
DELETE FROM rating_flags WHERE reason IN ('fresh_pin', 'staff_address');
ALTER TABLE rating_flags ENABLE TRIGGER rating_flags_append_only;
ALTER TABLE rating_flags DROP CONSTRAINT rating_flags_reason_check;
ALTER TABLE rating_flags ADD CONSTRAINT rating_flags_reason_check CHECK (reason IN ('office_network', 'burst_network', 'burst_device', 'shared_device'));
