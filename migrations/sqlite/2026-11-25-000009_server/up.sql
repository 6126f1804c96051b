-- What has served its time is swept oldest first.
CREATE INDEX attempts_by_age ON attempts (at);
CREATE INDEX staff_sessions_by_end ON staff_sessions (expires_at);
CREATE INDEX devices_by_end ON devices (expires_at);
