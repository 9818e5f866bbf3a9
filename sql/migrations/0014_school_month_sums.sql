-- Availability over a month reads one running sum a site instead of one row for each of its days and summaries.

CREATE TABLE site_school_month (
  org_unit_id bigint NOT NULL,
  month date NOT NULL,
  target_id uuid NOT NULL,
  rule_version smallint NOT NULL,
  through_change_set_no bigint NOT NULL,
  counted_s integer NOT NULL,
  up_s integer NOT NULL,
  excluded_s integer NOT NULL,
  cannot_tell_s integer NOT NULL,
  last_day date NOT NULL,
  CONSTRAINT site_school_month_pkey PRIMARY KEY (org_unit_id, month, target_id, rule_version, through_change_set_no),
  CONSTRAINT site_school_month_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id)
);
COMMENT ON TABLE site_school_month IS 'A target''s working days of a month up to a summary, in school hours: all of it, not what the summary added. Append-only.';
COMMENT ON COLUMN site_school_month.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_school_month.month IS 'First day of the month.';
COMMENT ON COLUMN site_school_month.target_id IS 'The target.';
COMMENT ON COLUMN site_school_month.rule_version IS 'Version of the rule that says which hours are summed.';
COMMENT ON COLUMN site_school_month.through_change_set_no IS 'The summary: the ledger up to this change set is in.';
COMMENT ON COLUMN site_school_month.counted_s IS 'Observed time that counts, seconds.';
COMMENT ON COLUMN site_school_month.up_s IS 'Of it, time in which the site worked, seconds.';
COMMENT ON COLUMN site_school_month.excluded_s IS 'Observed time excluded by a dated status, seconds.';
COMMENT ON COLUMN site_school_month.cannot_tell_s IS 'Observed time without a verdict, seconds.';
COMMENT ON COLUMN site_school_month.last_day IS 'Last day with a row in the ledger.';
GRANT SELECT, INSERT ON site_school_month TO edumon_app;

CREATE INDEX site_school_month_through_idx ON site_school_month (through_change_set_no, month);

CREATE TABLE site_school_month_run (
  rule_version smallint NOT NULL,
  month date NOT NULL,
  through_change_set_no bigint NOT NULL,
  working_days date[] NOT NULL,
  summed_days date[] NOT NULL,
  CONSTRAINT site_school_month_run_pkey PRIMARY KEY (rule_version, month, through_change_set_no)
);
COMMENT ON TABLE site_school_month_run IS 'Which days the sums of a month hold: they serve a question about other days only as far as the two agree.';
COMMENT ON COLUMN site_school_month_run.rule_version IS 'Version of the rule that says which hours are summed.';
COMMENT ON COLUMN site_school_month_run.month IS 'First day of the month.';
COMMENT ON COLUMN site_school_month_run.through_change_set_no IS 'The summary.';
COMMENT ON COLUMN site_school_month_run.working_days IS 'Days of the month that are summed when they have rows: its working days by the calendar of that time.';
COMMENT ON COLUMN site_school_month_run.summed_days IS 'Of them, those that had rows.';
GRANT SELECT, INSERT ON site_school_month_run TO edumon_app;

CREATE INDEX site_school_day_through_idx ON site_school_day (through_change_set_no);
