DROP TABLE webhook_links;
DROP INDEX rating_proofs_by_webhook;
ALTER TABLE rating_proofs DROP COLUMN webhook_id;
