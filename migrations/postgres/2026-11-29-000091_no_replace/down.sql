-- PostgreSQL has no REPLACE: what is in the way of a row stays, and its triggers fire.
SELECT 1;
