DROP TABLE assisting_units;
DROP TABLE waiting_requests;
DROP INDEX issues_of_handler_newest;
DROP INDEX issues_by_open_newest;
DROP INDEX issues_of_level_newest;
DROP INDEX issues_of_level;
DROP INDEX issues_of_channel_due;
DROP INDEX issues_of_category_due;
