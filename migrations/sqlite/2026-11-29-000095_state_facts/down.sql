DROP TABLE state_facts;
