-- The one spine of all uploaded sheets: file, states, rows with coordinates, remembered decisions.

CREATE TABLE import (
  import_id bigserial NOT NULL,
  kind text NOT NULL,
  file_name text NOT NULL,
  blob_sha256 text NOT NULL,
  sender text NOT NULL,
  scope_key text NOT NULL,
  valid_on date NOT NULL,
  territory_id bigint,
  mapping jsonb,
  state text NOT NULL,
  state_reason text,
  state_place text,
  received_at timestamptz NOT NULL DEFAULT now(),
  state_changed_at timestamptz NOT NULL DEFAULT now(),
  change_set_no bigint,
  void_change_set_no bigint,
  CONSTRAINT import_pkey PRIMARY KEY (import_id),
  CONSTRAINT import_blob_sha256_fkey FOREIGN KEY (blob_sha256) REFERENCES blob (sha256),
  CONSTRAINT import_state_check CHECK (state IN ('received', 'parsed', 'validated', 'applied', 'rejected', 'voided'))
);
COMMENT ON TABLE import IS 'One uploaded file on its way: received, parsed, validated, then applied or rejected; an applied one may be voided.';
COMMENT ON COLUMN import.import_id IS 'Number of the import.';
COMMENT ON COLUMN import.kind IS 'Kind of sheet, by the list of intake kinds.';
COMMENT ON COLUMN import.file_name IS 'Name that the sender gave.';
COMMENT ON COLUMN import.blob_sha256 IS 'The stored original.';
COMMENT ON COLUMN import.sender IS 'Who sent it.';
COMMENT ON COLUMN import.scope_key IS 'Sender, territory or lot, and period: a later file of the same scope replaces this one''s keys.';
COMMENT ON COLUMN import.valid_on IS 'The day that the sheet speaks of.';
COMMENT ON COLUMN import.territory_id IS 'Municipality of rows that name none, by value; null: such rows are refused.';
COMMENT ON COLUMN import.mapping IS 'Sheets with their header row and columns, as read; null before the dry run.';
COMMENT ON COLUMN import.state IS 'Where it stands.';
COMMENT ON COLUMN import.state_reason IS 'One clear sentence when rejected.';
COMMENT ON COLUMN import.state_place IS 'Sheet and cell of the reason, as Excel counts.';
COMMENT ON COLUMN import.received_at IS 'When the file arrived.';
COMMENT ON COLUMN import.state_changed_at IS 'When the state changed last.';
COMMENT ON COLUMN import.change_set_no IS 'Change set of applying it.';
COMMENT ON COLUMN import.void_change_set_no IS 'Change set of voiding it.';
CREATE INDEX import_blob_sha256_idx ON import (blob_sha256);
GRANT SELECT, INSERT, UPDATE ON import TO edumon_app;
GRANT USAGE, SELECT ON SEQUENCE import_import_id_seq TO edumon_app;

CREATE TABLE import_chunk (
  import_id bigint NOT NULL,
  chunk_no integer NOT NULL,
  content_sha256 text NOT NULL,
  CONSTRAINT import_chunk_pkey PRIMARY KEY (import_id, chunk_no),
  CONSTRAINT import_chunk_import_id_fkey FOREIGN KEY (import_id) REFERENCES import (import_id)
);
COMMENT ON TABLE import_chunk IS 'Chunks of parsed rows that have arrived: sending one again changes nothing.';
COMMENT ON COLUMN import_chunk.import_id IS 'The import.';
COMMENT ON COLUMN import_chunk.chunk_no IS 'Number of the chunk, from 0.';
COMMENT ON COLUMN import_chunk.content_sha256 IS 'Hash of the chunk''s rows: other content under a known number is refused.';
GRANT SELECT, INSERT, DELETE ON import_chunk TO edumon_app;

CREATE TABLE import_row (
  import_id bigint NOT NULL,
  sheet_no integer NOT NULL,
  row_no integer NOT NULL,
  sheet_name text,
  match_key text,
  cells jsonb NOT NULL,
  verdict text,
  org_unit_id bigint,
  identified_by text,
  candidates jsonb,
  issues jsonb,
  changes jsonb,
  CONSTRAINT import_row_pkey PRIMARY KEY (import_id, sheet_no, row_no),
  CONSTRAINT import_row_import_id_fkey FOREIGN KEY (import_id) REFERENCES import (import_id),
  CONSTRAINT import_row_verdict_check CHECK (verdict IN ('new', 'changed', 'same', 'ambiguous', 'refused', 'skipped'))
);
COMMENT ON TABLE import_row IS 'One row of an uploaded sheet: raw cells with their coordinates, and what the dry run says of it.';
COMMENT ON COLUMN import_row.import_id IS 'The import.';
COMMENT ON COLUMN import_row.sheet_no IS 'Sheet, from 1.';
COMMENT ON COLUMN import_row.row_no IS 'Row as Excel counts, from 1.';
COMMENT ON COLUMN import_row.sheet_name IS 'Name of the sheet; null until the whole file is parsed.';
COMMENT ON COLUMN import_row.match_key IS 'Key under which a person''s decision about the row is remembered; null before the dry run.';
COMMENT ON COLUMN import_row.cells IS 'Column letter to raw typed value.';
COMMENT ON COLUMN import_row.verdict IS 'What applying the import will do with the row; null before the dry run.';
COMMENT ON COLUMN import_row.org_unit_id IS 'The unit that the row was identified as.';
COMMENT ON COLUMN import_row.identified_by IS 'Why it was identified so.';
COMMENT ON COLUMN import_row.candidates IS 'Units or other rows of the file between which a person has to decide, each with its reason.';
COMMENT ON COLUMN import_row.issues IS 'Errors and warnings with column, message, found and expected.';
COMMENT ON COLUMN import_row.changes IS 'Field to former and new value.';
GRANT SELECT, INSERT, UPDATE, DELETE ON import_row TO edumon_app;

CREATE TABLE identity_decision (
  kind text NOT NULL,
  match_key text NOT NULL,
  decided_at timestamptz NOT NULL DEFAULT now(),
  outcome text NOT NULL,
  org_unit_id bigint,
  same_as_match_key text,
  decided_by text NOT NULL,
  reason text NOT NULL,
  CONSTRAINT identity_decision_pkey PRIMARY KEY (kind, match_key, decided_at),
  CONSTRAINT identity_decision_outcome_check CHECK (outcome IN ('unit', 'same_as_row', 'new', 'skip'))
);
COMMENT ON TABLE identity_decision IS 'A person''s word on which unit a row means; the newest one for a key is remembered for later files.';
COMMENT ON COLUMN identity_decision.kind IS 'Kind of sheet.';
COMMENT ON COLUMN identity_decision.match_key IS 'Normalised key of the row.';
COMMENT ON COLUMN identity_decision.decided_at IS 'When it was decided.';
COMMENT ON COLUMN identity_decision.outcome IS 'What the row means: a known unit, the same as another row, a new unit, or nothing to take.';
COMMENT ON COLUMN identity_decision.org_unit_id IS 'The unit, when the outcome is a known one.';
COMMENT ON COLUMN identity_decision.same_as_match_key IS 'Key of the other row, when the outcome is "the same as that row".';
COMMENT ON COLUMN identity_decision.decided_by IS 'Who decided.';
COMMENT ON COLUMN identity_decision.reason IS 'Why.';
GRANT SELECT, INSERT ON identity_decision TO edumon_app;
