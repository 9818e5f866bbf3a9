-- Availability in school hours over a month reads sums by day instead of every row of the ledger of hours.

CREATE TABLE site_school_day (
  org_unit_id bigint NOT NULL,
  local_day date NOT NULL,
  target_id uuid NOT NULL,
  rule_version smallint NOT NULL,
  through_change_set_no bigint NOT NULL,
  counted_s integer NOT NULL,
  up_s integer NOT NULL,
  excluded_s integer NOT NULL,
  cannot_tell_s integer NOT NULL,
  CONSTRAINT site_school_day_pkey PRIMARY KEY (org_unit_id, local_day, target_id, rule_version, through_change_set_no),
  CONSTRAINT site_school_day_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id)
);
COMMENT ON TABLE site_school_day IS 'What each summary added to a target''s day from the ledger of hours, school hours only. Summed over summaries; append-only.';
COMMENT ON COLUMN site_school_day.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_school_day.local_day IS 'Day in the region''s zone.';
COMMENT ON COLUMN site_school_day.target_id IS 'The target.';
COMMENT ON COLUMN site_school_day.rule_version IS 'Version of the rule that says which hours are summed.';
COMMENT ON COLUMN site_school_day.through_change_set_no IS 'The summary: rows of the ledger up to this change set that no earlier summary took.';
COMMENT ON COLUMN site_school_day.counted_s IS 'Observed time that counts, seconds.';
COMMENT ON COLUMN site_school_day.up_s IS 'Of it, time in which the site worked, seconds.';
COMMENT ON COLUMN site_school_day.excluded_s IS 'Observed time excluded by a dated status, seconds.';
COMMENT ON COLUMN site_school_day.cannot_tell_s IS 'Observed time without a verdict, seconds.';
GRANT SELECT, INSERT ON site_school_day TO edumon_app;

CREATE INDEX site_school_day_local_day_idx ON site_school_day (local_day);

CREATE TABLE site_school_day_run (
  rule_version smallint NOT NULL,
  through_change_set_no bigint NOT NULL,
  ledger_rows integer NOT NULL,
  made_at timestamptz NOT NULL,
  CONSTRAINT site_school_day_run_pkey PRIMARY KEY (rule_version, through_change_set_no)
);
COMMENT ON TABLE site_school_day_run IS 'Summaries of the ledger of hours: which change sets are in the sums by day.';
COMMENT ON COLUMN site_school_day_run.rule_version IS 'Version of the rule that says which hours are summed.';
COMMENT ON COLUMN site_school_day_run.through_change_set_no IS 'Last change set that is in.';
COMMENT ON COLUMN site_school_day_run.ledger_rows IS 'Rows of the ledger that it took.';
COMMENT ON COLUMN site_school_day_run.made_at IS 'When it was made.';
GRANT SELECT, INSERT ON site_school_day_run TO edumon_app;

CREATE INDEX site_hour_change_set_no_idx ON site_hour (change_set_no);

CREATE INDEX receipt_received_at_idx ON receipt (received_at);
