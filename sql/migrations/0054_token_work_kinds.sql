-- What meets hostile sites reads no spreadsheets: a collector's token says which work it may take.

ALTER TABLE api_token ADD COLUMN work_kinds text[];
COMMENT ON COLUMN api_token.work_kinds IS 'Kinds of work that the collector may take; null: no collector.';

-- Tokens from before go on as they were until they are rotated into narrower ones.
UPDATE api_token SET work_kinds = ARRAY['site_check', 'site_audit', 'sheet_parse'] WHERE kind = 'collector';

ALTER TABLE api_token
  ADD CONSTRAINT api_token_work_kinds_check CHECK ((kind = 'collector') = (work_kinds IS NOT NULL) AND cardinality(work_kinds) > 0);
