-- The chain over the audit: each seal names its events with their hashes and rests on the seal before.

CREATE TABLE audit_seal (
  seal_no bigint NOT NULL,
  from_event_id bigint NOT NULL,
  to_event_id bigint NOT NULL,
  event_count integer NOT NULL,
  event_ids bigint[] NOT NULL,
  event_sha256 text[] NOT NULL,
  previous_sha256 text NOT NULL,
  sealed_at timestamptz NOT NULL,
  sha256 text NOT NULL,
  CONSTRAINT audit_seal_pkey PRIMARY KEY (seal_no),
  CONSTRAINT audit_seal_from_event_id_key UNIQUE (from_event_id),
  CONSTRAINT audit_seal_previous_sha256_key UNIQUE (previous_sha256),
  CONSTRAINT audit_seal_event_count_check CHECK (event_count > 0 AND cardinality(event_ids) = event_count AND cardinality(event_sha256) = event_count)
);
COMMENT ON TABLE audit_seal IS 'Seals over the audit in order, made by a job from committed events only. Append-only. The newest one''s hash, the head, is kept outside too: in the log and in backups.';
COMMENT ON COLUMN audit_seal.seal_no IS 'Order, from 1, without gaps.';
COMMENT ON COLUMN audit_seal.from_event_id IS 'First event in it.';
COMMENT ON COLUMN audit_seal.to_event_id IS 'Last event in it; the next seal begins after it.';
COMMENT ON COLUMN audit_seal.event_count IS 'Events in it: numbers have gaps where a command was undone.';
COMMENT ON COLUMN audit_seal.event_ids IS 'Their numbers, rising.';
COMMENT ON COLUMN audit_seal.event_sha256 IS 'SHA-256 of each event as canonical JSON, in the same order.';
COMMENT ON COLUMN audit_seal.previous_sha256 IS 'Hash of the seal before; 64 zeros for the first.';
COMMENT ON COLUMN audit_seal.sealed_at IS 'When it was made, to the millisecond.';
COMMENT ON COLUMN audit_seal.sha256 IS 'SHA-256 over all the other columns as canonical JSON.';
GRANT SELECT, INSERT ON audit_seal TO edumon_app;
