-- A decision about a unit that a file lacks speaks for those who answer for that file, and for nobody else's files.

ALTER TABLE missing_decision ADD COLUMN jurisdiction jsonb;
COMMENT ON COLUMN missing_decision.jurisdiction IS 'Jurisdiction of the import that it was made in: it counts in imports of the same one alone; null: the whole region.';
COMMENT ON TABLE missing_decision IS 'A person''s word on a unit that a sender''s file lacks; the newest one whose file is applied is remembered for that sender''s later files of the same jurisdiction.';

UPDATE missing_decision SET jurisdiction = import.jurisdiction
  FROM import
 WHERE import.import_id = missing_decision.import_id;
