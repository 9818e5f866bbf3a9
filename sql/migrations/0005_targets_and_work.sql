-- Addresses that collectors probe, and the work that they lease.

CREATE TABLE target (
  org_unit_id bigint NOT NULL,
  target_id uuid NOT NULL,
  kind text NOT NULL,
  url text NOT NULL,
  host text NOT NULL,
  valid_from date NOT NULL,
  predecessor_target_id uuid,
  change_set_no bigint NOT NULL,
  source_kind text NOT NULL,
  source_id text NOT NULL,
  CONSTRAINT target_pkey PRIMARY KEY (org_unit_id, target_id),
  CONSTRAINT target_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT target_kind_check CHECK (kind IN ('site', 'portal'))
);
COMMENT ON TABLE target IS 'An address that collectors probe. It never moves to another unit: a merged school gets a new one that names its predecessor.';
COMMENT ON COLUMN target.org_unit_id IS 'Organisation or branch that answers for the address; the region for portals.';
COMMENT ON COLUMN target.target_id IS 'Own id of the target.';
COMMENT ON COLUMN target.kind IS 'site: availability and content; portal: availability only.';
COMMENT ON COLUMN target.url IS 'Home page, normalised.';
COMMENT ON COLUMN target.host IS 'Host of the address, lower case, ASCII.';
COMMENT ON COLUMN target.valid_from IS 'First day that the address is known for.';
COMMENT ON COLUMN target.predecessor_target_id IS 'Target that this one goes on from.';
COMMENT ON COLUMN target.change_set_no IS 'Change set that made it known.';
COMMENT ON COLUMN target.source_kind IS 'What it came from.';
COMMENT ON COLUMN target.source_id IS 'Import number, reference file, or number of the change set of a person''s edit.';
GRANT SELECT, INSERT ON target TO edumon_app;

CREATE TABLE target_retirement (
  org_unit_id bigint NOT NULL,
  target_id uuid NOT NULL,
  retired_on date NOT NULL,
  reason text NOT NULL,
  change_set_no bigint NOT NULL,
  source_kind text NOT NULL,
  source_id text NOT NULL,
  CONSTRAINT target_retirement_pkey PRIMARY KEY (org_unit_id, target_id, change_set_no),
  CONSTRAINT target_retirement_target_fkey FOREIGN KEY (org_unit_id, target_id) REFERENCES target (org_unit_id, target_id)
);
COMMENT ON TABLE target_retirement IS 'An address is no longer probed from a day on.';
COMMENT ON COLUMN target_retirement.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN target_retirement.target_id IS 'The target.';
COMMENT ON COLUMN target_retirement.retired_on IS 'First day without it.';
COMMENT ON COLUMN target_retirement.reason IS 'Why.';
COMMENT ON COLUMN target_retirement.change_set_no IS 'Change set that made it known.';
COMMENT ON COLUMN target_retirement.source_kind IS 'What it came from.';
COMMENT ON COLUMN target_retirement.source_id IS 'Import number, reference file, or number of the change set of a person''s edit.';
GRANT SELECT, INSERT ON target_retirement TO edumon_app;

CREATE TABLE due_work (
  work_id bigserial NOT NULL,
  kind text NOT NULL,
  work_key text NOT NULL,
  org_unit_id bigint,
  target_id uuid,
  import_id bigint,
  vantage text,
  due_at timestamptz NOT NULL,
  priority smallint NOT NULL DEFAULT 0,
  round_no bigint NOT NULL DEFAULT 1,
  attempt smallint NOT NULL DEFAULT 1,
  lease_id uuid,
  leased_until timestamptz,
  full_handshake_at timestamptz,
  CONSTRAINT due_work_pkey PRIMARY KEY (work_id),
  CONSTRAINT due_work_key UNIQUE (kind, work_key),
  CONSTRAINT due_work_kind_check CHECK (kind IN ('site_check', 'site_audit', 'sheet_parse'))
);
COMMENT ON TABLE due_work IS 'What collectors have to do and when. One row per kind of work, thing and vantage; it is scheduled anew when its result arrives.';
COMMENT ON COLUMN due_work.work_id IS 'Own number.';
COMMENT ON COLUMN due_work.kind IS 'Kind of work.';
COMMENT ON COLUMN due_work.work_key IS 'What makes the row one of its kind: target and vantage, or import.';
COMMENT ON COLUMN due_work.org_unit_id IS 'Unit of the target, by value.';
COMMENT ON COLUMN due_work.target_id IS 'The target, by value.';
COMMENT ON COLUMN due_work.import_id IS 'The import to parse.';
COMMENT ON COLUMN due_work.vantage IS 'Only a collector at this vantage may take it; null: any.';
COMMENT ON COLUMN due_work.due_at IS 'Not before this time.';
COMMENT ON COLUMN due_work.priority IS 'Higher goes first among due rows.';
COMMENT ON COLUMN due_work.round_no IS 'Round of attempts that ends in one verdict.';
COMMENT ON COLUMN due_work.attempt IS 'Attempt within the round, from 1.';
COMMENT ON COLUMN due_work.lease_id IS 'The lease that holds the row now.';
COMMENT ON COLUMN due_work.leased_until IS 'When that lease runs out.';
COMMENT ON COLUMN due_work.full_handshake_at IS 'When the target was last asked with a full TLS handshake.';
CREATE INDEX due_work_due_at_idx ON due_work (kind, due_at);
CREATE INDEX due_work_target_id_idx ON due_work (target_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON due_work TO edumon_app;
GRANT USAGE, SELECT ON SEQUENCE due_work_work_id_seq TO edumon_app;

CREATE TABLE lease (
  lease_id uuid NOT NULL,
  work_id bigint NOT NULL,
  kind text NOT NULL,
  org_unit_id bigint,
  target_id uuid,
  import_id bigint,
  collector text NOT NULL,
  vantage text NOT NULL,
  round_no bigint NOT NULL,
  attempt smallint NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT lease_pkey PRIMARY KEY (lease_id)
);
COMMENT ON TABLE lease IS 'Every lease ever given. A late result of an expired lease is kept as a fact, but one attempt never counts as two confirmations.';
COMMENT ON COLUMN lease.lease_id IS 'Own id.';
COMMENT ON COLUMN lease.work_id IS 'The row of work.';
COMMENT ON COLUMN lease.kind IS 'Kind of work.';
COMMENT ON COLUMN lease.org_unit_id IS 'Unit of the target, by value.';
COMMENT ON COLUMN lease.target_id IS 'The target, by value.';
COMMENT ON COLUMN lease.import_id IS 'The import to parse.';
COMMENT ON COLUMN lease.collector IS 'Program that took it.';
COMMENT ON COLUMN lease.vantage IS 'From where it measures.';
COMMENT ON COLUMN lease.round_no IS 'Round of attempts.';
COMMENT ON COLUMN lease.attempt IS 'Attempt within the round.';
COMMENT ON COLUMN lease.issued_at IS 'When it was given.';
COMMENT ON COLUMN lease.expires_at IS 'When the work may be given to another.';
CREATE INDEX lease_issued_at_idx ON lease (issued_at);
GRANT SELECT, INSERT, DELETE ON lease TO edumon_app;

CREATE TABLE receipt (
  measurement_id uuid NOT NULL,
  content_sha256 bytea NOT NULL,
  received_at timestamptz NOT NULL,
  CONSTRAINT receipt_pkey PRIMARY KEY (measurement_id)
);
COMMENT ON TABLE receipt IS 'Measurements that were taken in, by client-made id: equal content sent again is a duplicate, other content under a known id is refused.';
COMMENT ON COLUMN receipt.measurement_id IS 'Client-made id.';
COMMENT ON COLUMN receipt.content_sha256 IS 'SHA-256 of the canonical row.';
COMMENT ON COLUMN receipt.received_at IS 'When it was taken in.';
GRANT SELECT, INSERT, DELETE ON receipt TO edumon_app;
