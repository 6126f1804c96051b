DROP INDEX devices_by_end;
DROP INDEX staff_sessions_by_end;
DROP INDEX attempts_by_age;
