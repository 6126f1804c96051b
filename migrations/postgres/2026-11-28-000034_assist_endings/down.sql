DROP TABLE assist_endings;
