-- Two more reasons to look at a rating: its PIN was in the hands of staff just before, or its link went to an address
-- of the office.
ALTER TABLE rating_flags DROP CONSTRAINT rating_flags_reason_check;
ALTER TABLE rating_flags ADD CONSTRAINT rating_flags_reason_check CHECK (reason IN ('office_network', 'burst_network', 'burst_device', 'shared_device', 'fresh_pin', 'staff_address'));

-- For how many enterprises one address is named as contact.
CREATE INDEX issue_contacts_by_email ON issue_contacts (lower(email));
