DROP TABLE recounted_limits;
DROP TABLE provisional_limits;
