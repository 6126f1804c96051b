DROP TABLE promises;
DROP INDEX supervisions_once;
ALTER TABLE supervisions DROP COLUMN limit_at;
DROP TABLE outbox;
DROP TABLE webhooks;
DROP TABLE notices;
DROP TABLE staff_mail;
DROP TABLE leases;
