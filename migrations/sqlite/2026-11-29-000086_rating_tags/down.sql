DROP TABLE rating_tags;
