-- Jurisdiction: rights follow today's structure and founder, and an import belongs to those who answer for it.

ALTER TABLE org_unit ADD COLUMN founder_kind text;
COMMENT ON COLUMN org_unit.founder_kind IS 'Founder in today''s structure: of the organisation itself, or of the one that a branch or building belongs to; null for territories and when unknown.';

UPDATE org_unit SET founder_kind = newest.founder_kind
  FROM (
    SELECT DISTINCT ON (v.org_unit_id) v.org_unit_id, v.founder_kind
      FROM org_unit_version v
     WHERE (v.source_kind, v.source_id) NOT IN (SELECT source_kind, source_id FROM source_void) AND v.valid_from <= current_date
     ORDER BY v.org_unit_id, v.valid_from DESC, v.change_set_no DESC
  ) newest
 WHERE newest.org_unit_id = org_unit.org_unit_id AND org_unit.kind = 'organisation';

UPDATE org_unit SET founder_kind = organisation.founder_kind
  FROM org_unit organisation
 WHERE org_unit.kind IN ('branch', 'building') AND organisation.kind = 'organisation'
   AND organisation.org_unit_id = ANY (org_unit.path);

CREATE INDEX org_unit_path_idx ON org_unit USING gin (path);

ALTER TABLE import ADD COLUMN user_id bigint;
COMMENT ON COLUMN import.user_id IS 'The person who uploaded it; null: a program or an earlier version.';

ALTER TABLE import ADD COLUMN jurisdiction jsonb;
COMMENT ON COLUMN import.jurisdiction IS 'Units and founders that the sender answered for at the upload: rows about others are refused; null: all.';
