-- What is frozen with a closure, and with a lead unit's assignment, beside the unit and the person:
-- the grade of the category, and the leader in charge of the unit (the first by user name of its
-- people with that role; NULL: nobody). Tables of their own, for the log hashes whole rows: what
-- is in it already stays as it was.
CREATE TABLE closure_facts (
    closure_id TEXT NOT NULL PRIMARY KEY REFERENCES closures (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    grade TEXT NOT NULL CHECK (grade IN ('immediate', 'simple', 'general', 'complex', 'cross_department', 'urgent2h', 'urgent24h')),
    leader_id TEXT REFERENCES staff (id),
    at TIMESTAMP NOT NULL
);
CREATE TABLE assignment_facts (
    assignment_id TEXT NOT NULL PRIMARY KEY REFERENCES assignments (id),
    enterprise_id TEXT NOT NULL REFERENCES enterprises (id),
    grade TEXT NOT NULL CHECK (grade IN ('immediate', 'simple', 'general', 'complex', 'cross_department', 'urgent2h', 'urgent24h')),
    leader_id TEXT REFERENCES staff (id),
    at TIMESTAMP NOT NULL
);

-- Of what was there before, what holds today; its moment is that of this migration and says so.
INSERT INTO closure_facts (closure_id, enterprise_id, grade, leader_id, at)
    SELECT c.id, c.enterprise_id, k.grade, (
        SELECT p.id FROM staff p JOIN staff_roles r ON r.staff_id = p.id AND r.role = 'leader'
        WHERE p.disabled_at IS NULL AND (
            EXISTS (SELECT 1 FROM staff_units u WHERE u.staff_id = p.id AND u.unit_id = c.unit_id)
            OR EXISTS (SELECT 1 FROM offices o WHERE o.id = p.office_id AND o.unit_id = c.unit_id)
        ) ORDER BY p.username LIMIT 1
    ), CURRENT_TIMESTAMP
    FROM closures c JOIN issues i ON i.id = c.issue_id JOIN categories k ON k.id = i.category_id;
INSERT INTO assignment_facts (assignment_id, enterprise_id, grade, leader_id, at)
    SELECT a.id, a.enterprise_id, k.grade, (
        SELECT p.id FROM staff p JOIN staff_roles r ON r.staff_id = p.id AND r.role = 'leader'
        WHERE p.disabled_at IS NULL AND (
            EXISTS (SELECT 1 FROM staff_units u WHERE u.staff_id = p.id AND u.unit_id = a.unit_id)
            OR EXISTS (SELECT 1 FROM offices o WHERE o.id = p.office_id AND o.unit_id = a.unit_id)
        ) ORDER BY p.username LIMIT 1
    ), CURRENT_TIMESTAMP
    FROM assignments a JOIN issues i ON i.id = a.issue_id JOIN categories k ON k.id = i.category_id
    WHERE a.part = 'lead';

CREATE TRIGGER closure_facts_no_update BEFORE UPDATE ON closure_facts BEGIN SELECT RAISE(ABORT, 'rows of closure_facts are append-only'); END;
CREATE TRIGGER closure_facts_no_delete BEFORE DELETE ON closure_facts BEGIN SELECT RAISE(ABORT, 'rows of closure_facts are append-only'); END;
CREATE TRIGGER assignment_facts_no_update BEFORE UPDATE ON assignment_facts BEGIN SELECT RAISE(ABORT, 'rows of assignment_facts are append-only'); END;
CREATE TRIGGER assignment_facts_no_delete BEFORE DELETE ON assignment_facts BEGIN SELECT RAISE(ABORT, 'rows of assignment_facts are append-only'); END;
