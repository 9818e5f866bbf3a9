-- Units that a later file of the same scope no longer has: the dry run asks, a person decides, later files remember.

CREATE TABLE import_missing (
  import_id bigint NOT NULL,
  org_unit_id bigint NOT NULL,
  earlier_import_id bigint NOT NULL,
  earlier_sheet_no integer NOT NULL,
  earlier_row_no integer NOT NULL,
  outcome text,
  decided_in_import_id bigint,
  decided_by text,
  reason text,
  CONSTRAINT import_missing_pkey PRIMARY KEY (import_id, org_unit_id),
  CONSTRAINT import_missing_import_id_fkey FOREIGN KEY (import_id) REFERENCES import (import_id),
  CONSTRAINT import_missing_earlier_row_fkey FOREIGN KEY (earlier_import_id, earlier_sheet_no, earlier_row_no) REFERENCES import_row (import_id, sheet_no, row_no),
  CONSTRAINT import_missing_outcome_check CHECK (outcome IN ('keep', 'withdraw'))
);
COMMENT ON TABLE import_missing IS 'Units that an earlier file of the same scope had and this one lacks, as the dry run found them.';
COMMENT ON COLUMN import_missing.import_id IS 'The later file.';
COMMENT ON COLUMN import_missing.org_unit_id IS 'The unit that it lacks.';
COMMENT ON COLUMN import_missing.earlier_import_id IS 'The newest earlier file that has the unit.';
COMMENT ON COLUMN import_missing.earlier_sheet_no IS 'Sheet of that file, from 1.';
COMMENT ON COLUMN import_missing.earlier_row_no IS 'Row of that sheet as Excel counts, from 1.';
COMMENT ON COLUMN import_missing.outcome IS 'What applying the file does with the unit: keep it, or end it on the file''s day; null while nobody has decided, which keeps it.';
COMMENT ON COLUMN import_missing.decided_in_import_id IS 'File for which it was decided; another one than import_id when it was remembered.';
COMMENT ON COLUMN import_missing.decided_by IS 'Who decided.';
COMMENT ON COLUMN import_missing.reason IS 'Why.';
GRANT SELECT, INSERT, DELETE ON import_missing TO edumon_app;

CREATE TABLE missing_decision (
  kind text NOT NULL,
  sender text NOT NULL,
  org_unit_id bigint NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  import_id bigint NOT NULL,
  outcome text NOT NULL,
  decided_by text NOT NULL,
  reason text NOT NULL,
  CONSTRAINT missing_decision_pkey PRIMARY KEY (kind, sender, org_unit_id, decided_at),
  CONSTRAINT missing_decision_import_id_fkey FOREIGN KEY (import_id) REFERENCES import (import_id),
  CONSTRAINT missing_decision_outcome_check CHECK (outcome IN ('keep', 'withdraw'))
);
COMMENT ON TABLE missing_decision IS 'A person''s word on a unit that a sender''s file lacks; the newest one is remembered for that sender''s later files, unless its file was undone.';
COMMENT ON COLUMN missing_decision.kind IS 'Kind of sheet.';
COMMENT ON COLUMN missing_decision.sender IS 'Whose files lack the unit.';
COMMENT ON COLUMN missing_decision.org_unit_id IS 'The unit.';
COMMENT ON COLUMN missing_decision.decided_at IS 'When it was decided.';
COMMENT ON COLUMN missing_decision.import_id IS 'File for which it was decided.';
COMMENT ON COLUMN missing_decision.outcome IS 'Keep the unit, or end it on the file''s day.';
COMMENT ON COLUMN missing_decision.decided_by IS 'Who decided.';
COMMENT ON COLUMN missing_decision.reason IS 'Why.';
GRANT SELECT, INSERT ON missing_decision TO edumon_app;
