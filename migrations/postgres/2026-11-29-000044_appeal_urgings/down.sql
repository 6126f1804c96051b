DROP TABLE appeal_urgings;
