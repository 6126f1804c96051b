DROP TABLE first_contacts;
