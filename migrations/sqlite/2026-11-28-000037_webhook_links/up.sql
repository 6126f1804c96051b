-- Whether a webhook carries the links of invitations to rate: the latest row says so,
-- and who said it. It is never the person who set the webhook up.
CREATE TABLE webhook_links (
    id TEXT NOT NULL PRIMARY KEY,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id),
    deed TEXT NOT NULL CHECK (deed IN ('allowed', 'withdrawn')),
    at TIMESTAMP NOT NULL,
    by TEXT NOT NULL REFERENCES staff (id)
);
CREATE INDEX webhook_links_of ON webhook_links (webhook_id, id);

-- By which webhook the link went out that somebody rated with; NULL: by letter.
ALTER TABLE rating_proofs ADD COLUMN webhook_id TEXT REFERENCES webhooks (id);
CREATE INDEX rating_proofs_by_webhook ON rating_proofs (webhook_id, rating_id);

CREATE TRIGGER webhook_links_no_update BEFORE UPDATE ON webhook_links BEGIN SELECT RAISE(ABORT, 'rows of webhook_links are append-only'); END;
CREATE TRIGGER webhook_links_no_delete BEFORE DELETE ON webhook_links BEGIN SELECT RAISE(ABORT, 'rows of webhook_links are append-only'); END;
