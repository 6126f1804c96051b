ALTER TABLE staff_sessions DROP COLUMN seen_at;
DROP TABLE spent_refresh_tokens;
