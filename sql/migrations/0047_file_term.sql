-- Pictures of human checks and files of objections are personal data: their bytes go when their term is over, and what
-- was attached, by whom and when stays.

CREATE TABLE blob_removal (
  sha256 text NOT NULL,
  removed_at timestamptz NOT NULL,
  size_bytes bigint NOT NULL,
  media_type text NOT NULL,
  stored_at timestamptz NOT NULL,
  CONSTRAINT blob_removal_pkey PRIMARY KEY (sha256, removed_at)
);
COMMENT ON TABLE blob_removal IS 'Contents whose bytes were removed because their term was over. The same content may be stored anew later, and removed again. Written by the owner alone.';
COMMENT ON COLUMN blob_removal.sha256 IS 'SHA-256 of the content, hexadecimal.';
COMMENT ON COLUMN blob_removal.removed_at IS 'When the bytes were removed.';
COMMENT ON COLUMN blob_removal.size_bytes IS 'Length of the content in bytes.';
COMMENT ON COLUMN blob_removal.media_type IS 'Media type given at the first upload.';
COMMENT ON COLUMN blob_removal.stored_at IS 'When the content had been stored.';
GRANT SELECT ON blob_removal TO edumon_app;

-- The day of the look may lie long before its entry: the term of the picture counts from the entry.
ALTER TABLE human_check ADD COLUMN recorded_at timestamptz;
UPDATE human_check h SET recorded_at = c.recorded_at FROM change_set c WHERE c.change_set_no = h.change_set_no;
ALTER TABLE human_check ALTER COLUMN recorded_at SET NOT NULL;
COMMENT ON COLUMN human_check.recorded_at IS 'When it was entered: time of its change set.';

-- Who refers to a content is asked before its bytes go, while nobody can store any.
CREATE INDEX human_check_picture_idx ON human_check (picture_sha256) WHERE picture_sha256 IS NOT NULL;
CREATE INDEX objection_file_idx ON objection (file_sha256) WHERE file_sha256 IS NOT NULL;
CREATE INDEX site_evidence_copy_idx ON site_evidence (copy_sha256) WHERE copy_sha256 IS NOT NULL;
