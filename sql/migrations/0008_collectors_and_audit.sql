-- How collectors fare, and who did what.

CREATE TABLE collector_report (
  collector text NOT NULL,
  vantage text NOT NULL,
  reported_at timestamptz NOT NULL,
  version text NOT NULL,
  event_loop_p999_ms double precision,
  spooled integer,
  memory_mb integer,
  witnesses integer,
  witnesses_reachable integer,
  accepted integer NOT NULL,
  duplicate integer NOT NULL,
  rejected integer NOT NULL,
  CONSTRAINT collector_report_pkey PRIMARY KEY (collector, vantage, reported_at)
);
COMMENT ON TABLE collector_report IS 'One batch as the collector''s own doing: what came, and how the collector fares.';
COMMENT ON COLUMN collector_report.collector IS 'Program.';
COMMENT ON COLUMN collector_report.vantage IS 'From where it measures.';
COMMENT ON COLUMN collector_report.reported_at IS 'When the batch arrived.';
COMMENT ON COLUMN collector_report.version IS 'Version of the program.';
COMMENT ON COLUMN collector_report.event_loop_p999_ms IS 'Event loop delay, 99.9th percentile, milliseconds; null when not reported.';
COMMENT ON COLUMN collector_report.spooled IS 'Measurements waiting on its disk; null when not reported.';
COMMENT ON COLUMN collector_report.memory_mb IS 'Memory in use, MB; null when not reported.';
COMMENT ON COLUMN collector_report.witnesses IS 'Witness targets asked; null when none are watched.';
COMMENT ON COLUMN collector_report.witnesses_reachable IS 'Witness targets that answered.';
COMMENT ON COLUMN collector_report.accepted IS 'Rows taken in.';
COMMENT ON COLUMN collector_report.duplicate IS 'Rows known already.';
COMMENT ON COLUMN collector_report.rejected IS 'Rows refused.';
GRANT SELECT, INSERT, DELETE ON collector_report TO edumon_app;

CREATE TABLE audit_event (
  audit_event_id bigserial NOT NULL,
  occurred_at timestamptz NOT NULL DEFAULT now(),
  actor text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  change_set_no bigint,
  request_id text,
  detail jsonb NOT NULL,
  CONSTRAINT audit_event_pkey PRIMARY KEY (audit_event_id)
);
COMMENT ON TABLE audit_event IS 'One event per command, batch or import: who, what, when. Append-only.';
COMMENT ON COLUMN audit_event.audit_event_id IS 'Own number.';
COMMENT ON COLUMN audit_event.occurred_at IS 'When.';
COMMENT ON COLUMN audit_event.actor IS 'Who.';
COMMENT ON COLUMN audit_event.action IS 'What was done.';
COMMENT ON COLUMN audit_event.subject IS 'To what.';
COMMENT ON COLUMN audit_event.change_set_no IS 'Change set it made, if any.';
COMMENT ON COLUMN audit_event.request_id IS 'Request it came with.';
COMMENT ON COLUMN audit_event.detail IS 'Figures that explain it; no personal data.';
GRANT SELECT, INSERT ON audit_event TO edumon_app;
GRANT USAGE, SELECT ON SEQUENCE audit_event_audit_event_id_seq TO edumon_app;
