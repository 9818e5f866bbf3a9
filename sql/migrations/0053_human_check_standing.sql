-- A municipality asks and the institute decides: whether a person's check may overrule an audit is kept with the check.

ALTER TABLE human_check ADD COLUMN is_decisive boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN human_check.is_decisive IS 'Whoever entered it might decide objections about the unit then: it overrules audits before it; false: it only says what no audit could confirm.';

UPDATE human_check SET is_decisive = true
  FROM audit_event entered
  JOIN user_grant held ON held.user_id = entered.user_id AND held.role = 'institute_staff'
  JOIN org_unit unit ON unit.org_unit_id = entered.org_unit_id AND unit.path @> ARRAY[held.org_unit_id]
 WHERE entered.action = 'human_check' AND entered.change_set_no = human_check.change_set_no
   AND entered.org_unit_id = human_check.org_unit_id
   AND (held.founder_kinds IS NULL OR unit.founder_kind = ANY (held.founder_kinds))
   AND held.valid_from <= entered.occurred_at::date AND (held.valid_to IS NULL OR held.valid_to >= entered.occurred_at::date)
   AND (held.revoked_at IS NULL OR held.revoked_at > entered.occurred_at);

ALTER TABLE human_check ALTER COLUMN is_decisive DROP DEFAULT;
