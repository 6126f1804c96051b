DROP INDEX ratings_by_time;
DROP TABLE appeal_outcomes;
DROP TABLE appeal_decisions;
DROP TABLE rating_appeals;
