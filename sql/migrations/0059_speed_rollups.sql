-- Speed tests by hour as a ledger, sums of territories, the newest of each building, and which test a ticket was used for.

CREATE TABLE measurement_ticket_use (
  ticket_id uuid NOT NULL,
  org_unit_id bigint NOT NULL,
  tested_at timestamptz NOT NULL,
  test_id uuid NOT NULL,
  local_day date NOT NULL,
  local_hour smallint NOT NULL,
  used_at timestamptz NOT NULL,
  CONSTRAINT measurement_ticket_use_pkey PRIMARY KEY (ticket_id)
);
COMMENT ON TABLE measurement_ticket_use IS 'The one test that a ticket was used for: another one under it is refused, and the server''s record finds its test. Goes with the receipts.';
COMMENT ON COLUMN measurement_ticket_use.ticket_id IS 'The ticket, by value.';
COMMENT ON COLUMN measurement_ticket_use.org_unit_id IS 'Unit of the test.';
COMMENT ON COLUMN measurement_ticket_use.tested_at IS 'Time of the test.';
COMMENT ON COLUMN measurement_ticket_use.test_id IS 'The test.';
COMMENT ON COLUMN measurement_ticket_use.local_day IS 'Day that the test is counted on, in the region''s zone.';
COMMENT ON COLUMN measurement_ticket_use.local_hour IS 'Hour that it is counted in, 0 to 23.';
COMMENT ON COLUMN measurement_ticket_use.used_at IS 'When the test was handed in.';
CREATE INDEX measurement_ticket_use_used_at_idx ON measurement_ticket_use (used_at);
GRANT SELECT, INSERT, DELETE ON measurement_ticket_use TO edumon_app;

CREATE TABLE speed_hour (
  org_unit_id bigint NOT NULL,
  local_day date NOT NULL,
  local_hour smallint NOT NULL,
  method text NOT NULL,
  validity text NOT NULL,
  rule_version smallint NOT NULL,
  change_set_no bigint NOT NULL,
  provenance text NOT NULL,
  tests integer NOT NULL,
  download_kbps_sum bigint NOT NULL,
  upload_kbps_sum bigint NOT NULL,
  min_rtt_us_sum bigint NOT NULL,
  download_bins smallint[] NOT NULL,
  upload_bins smallint[] NOT NULL,
  min_rtt_bins smallint[] NOT NULL,
  CONSTRAINT speed_hour_pkey PRIMARY KEY (org_unit_id, local_day, local_hour, method, validity, rule_version, change_set_no),
  CONSTRAINT speed_hour_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT speed_hour_provenance_check CHECK (provenance IN ('measured', 'modelled'))
);
COMMENT ON TABLE speed_hour IS 'Ledger of speed tests by unit and local hour. Summed over change sets; what is taken back (a test whose validity changed) adds a row below zero.';
COMMENT ON COLUMN speed_hour.org_unit_id IS 'Unit of the tests.';
COMMENT ON COLUMN speed_hour.local_day IS 'Day in the region''s zone.';
COMMENT ON COLUMN speed_hour.local_hour IS 'Hour in the region''s zone, 0 to 23.';
COMMENT ON COLUMN speed_hour.method IS 'The program on a school''s computer, or a page in a browser.';
COMMENT ON COLUMN speed_hour.validity IS 'What the tests are good for.';
COMMENT ON COLUMN speed_hour.rule_version IS 'Version of the rule of validity.';
COMMENT ON COLUMN speed_hour.change_set_no IS 'Change set that added it.';
COMMENT ON COLUMN speed_hour.provenance IS 'Measured, or modelled history of the demo.';
COMMENT ON COLUMN speed_hour.tests IS 'Tests; below zero: taken back.';
COMMENT ON COLUMN speed_hour.download_kbps_sum IS 'Sum of the downloads, with the sign of tests.';
COMMENT ON COLUMN speed_hour.upload_kbps_sum IS 'Sum of the uploads, with the sign of tests.';
COMMENT ON COLUMN speed_hour.min_rtt_us_sum IS 'Sum of the shortest round trips, microseconds, with the sign of tests.';
COMMENT ON COLUMN speed_hour.download_bins IS 'Bin of each download on a logarithmic scale (18 an octave, 100,000 begins bin 0), as often as there are tests in it; the sign is that of tests.';
COMMENT ON COLUMN speed_hour.upload_bins IS 'The same of uploads.';
COMMENT ON COLUMN speed_hour.min_rtt_bins IS 'The same of shortest round trips, of microseconds.';
CREATE INDEX speed_hour_change_set_no_idx ON speed_hour (change_set_no);
GRANT SELECT, INSERT ON speed_hour TO edumon_app;

CREATE TABLE speed_state (
  org_unit_id bigint NOT NULL,
  last_tested_at timestamptz,
  last_test_id uuid,
  last_validity text,
  last_cause text,
  valid_tested_at timestamptz,
  valid_test_id uuid,
  download_kbps integer,
  upload_kbps integer,
  min_rtt_us integer,
  heard_at timestamptz,
  agent_version text,
  change_set_no bigint NOT NULL,
  CONSTRAINT speed_state_pkey PRIMARY KEY (org_unit_id),
  CONSTRAINT speed_state_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id)
);
COMMENT ON TABLE speed_state IS 'Newest test of each building, upserted at ingest: a cache that can be rebuilt equal from the facts.';
COMMENT ON COLUMN speed_state.org_unit_id IS 'The building.';
COMMENT ON COLUMN speed_state.last_tested_at IS 'Newest test, of whatever validity; null: pings alone were heard.';
COMMENT ON COLUMN speed_state.last_test_id IS 'Its id.';
COMMENT ON COLUMN speed_state.last_validity IS 'What it is good for.';
COMMENT ON COLUMN speed_state.last_cause IS 'Why it came to no result; null: it did.';
COMMENT ON COLUMN speed_state.valid_tested_at IS 'Newest valid test; null: none yet.';
COMMENT ON COLUMN speed_state.valid_test_id IS 'Its id.';
COMMENT ON COLUMN speed_state.download_kbps IS 'Its download.';
COMMENT ON COLUMN speed_state.upload_kbps IS 'Its upload.';
COMMENT ON COLUMN speed_state.min_rtt_us IS 'Its shortest round trip, microseconds; null: not known.';
COMMENT ON COLUMN speed_state.heard_at IS 'Newest test, or end of the newest hour with an answered ping.';
COMMENT ON COLUMN speed_state.agent_version IS 'Version of the program that made the newest test.';
COMMENT ON COLUMN speed_state.change_set_no IS 'Change set that wrote the row last.';
GRANT SELECT, INSERT, UPDATE, DELETE ON speed_state TO edumon_app;

CREATE TABLE speed_group (
  org_unit_id bigint NOT NULL,
  municipality_id bigint,
  region_id bigint NOT NULL,
  founder_kind text NOT NULL,
  settlement_kind text NOT NULL,
  CONSTRAINT speed_group_pkey PRIMARY KEY (org_unit_id),
  CONSTRAINT speed_group_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id)
);
COMMENT ON TABLE speed_group IS 'Under what each building is counted in the sums of territories: when the registry says otherwise, its tests are moved there.';
COMMENT ON COLUMN speed_group.org_unit_id IS 'The building.';
COMMENT ON COLUMN speed_group.municipality_id IS 'Municipality; null: directly under the region.';
COMMENT ON COLUMN speed_group.region_id IS 'Region.';
COMMENT ON COLUMN speed_group.founder_kind IS 'Founder of its organisation, or unknown.';
COMMENT ON COLUMN speed_group.settlement_kind IS 'Kind of its settlement, or unknown.';
GRANT SELECT, INSERT, UPDATE, DELETE ON speed_group TO edumon_app;

CREATE TABLE speed_month (
  territory_id bigint NOT NULL,
  month date NOT NULL,
  founder_kind text NOT NULL,
  settlement_kind text NOT NULL,
  bins smallint[] NOT NULL,
  tests integer[] NOT NULL,
  CONSTRAINT speed_month_pkey PRIMARY KEY (territory_id, month, founder_kind, settlement_kind)
);
COMMENT ON TABLE speed_month IS 'Downloads of valid tests of a territory in a month up to the newest summary: a cache that can be made anew from the ledger.';
COMMENT ON COLUMN speed_month.territory_id IS 'Region or municipality, by value.';
COMMENT ON COLUMN speed_month.month IS 'First day of the month.';
COMMENT ON COLUMN speed_month.founder_kind IS 'Founder of the organisations, or unknown.';
COMMENT ON COLUMN speed_month.settlement_kind IS 'Kind of the buildings'' settlements, or unknown.';
COMMENT ON COLUMN speed_month.bins IS 'Bins of downloads that have tests, ascending.';
COMMENT ON COLUMN speed_month.tests IS 'Tests in each of them.';
GRANT SELECT, INSERT, UPDATE, DELETE ON speed_month TO edumon_app;

CREATE TABLE speed_week_hour (
  territory_id bigint NOT NULL,
  month date NOT NULL,
  founder_kind text NOT NULL,
  weekday smallint NOT NULL,
  local_hour smallint NOT NULL,
  bins smallint[] NOT NULL,
  tests integer[] NOT NULL,
  CONSTRAINT speed_week_hour_pkey PRIMARY KEY (territory_id, month, founder_kind, weekday, local_hour)
);
COMMENT ON TABLE speed_week_hour IS 'The same by hour of the week.';
COMMENT ON COLUMN speed_week_hour.territory_id IS 'Region or municipality, by value.';
COMMENT ON COLUMN speed_week_hour.month IS 'First day of the month.';
COMMENT ON COLUMN speed_week_hour.founder_kind IS 'Founder of the organisations, or unknown.';
COMMENT ON COLUMN speed_week_hour.weekday IS 'Monday 1 to Sunday 7.';
COMMENT ON COLUMN speed_week_hour.local_hour IS 'Hour in the region''s zone, 0 to 23.';
COMMENT ON COLUMN speed_week_hour.bins IS 'Bins of downloads that have tests, ascending.';
COMMENT ON COLUMN speed_week_hour.tests IS 'Tests in each of them.';
GRANT SELECT, INSERT, UPDATE, DELETE ON speed_week_hour TO edumon_app;

CREATE TABLE speed_summary (
  through_change_set_no bigint NOT NULL,
  made_at timestamptz NOT NULL,
  ledger_rows integer NOT NULL,
  moved_units integer NOT NULL,
  CONSTRAINT speed_summary_pkey PRIMARY KEY (through_change_set_no)
);
COMMENT ON TABLE speed_summary IS 'Up to which change set the ledger is in the sums of territories; the newest row counts.';
COMMENT ON COLUMN speed_summary.through_change_set_no IS 'The last change set that is in.';
COMMENT ON COLUMN speed_summary.made_at IS 'When it was made.';
COMMENT ON COLUMN speed_summary.ledger_rows IS 'Rows of the ledger that it added.';
COMMENT ON COLUMN speed_summary.moved_units IS 'Buildings that it moved because the registry had changed.';
GRANT SELECT, INSERT ON speed_summary TO edumon_app;
