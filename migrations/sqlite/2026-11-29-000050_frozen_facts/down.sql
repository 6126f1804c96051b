DROP TABLE assignment_facts;
DROP TABLE closure_facts;
