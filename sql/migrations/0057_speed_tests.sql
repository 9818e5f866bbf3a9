-- Speed tests of buildings, confirmations that came later than the test, and hours in which agents were heard of.

CREATE TABLE speed_test (
  org_unit_id bigint NOT NULL,
  tested_at timestamptz NOT NULL,
  test_id uuid NOT NULL,
  ticket_id uuid,
  method text NOT NULL,
  agent_id uuid NOT NULL,
  agent_version text NOT NULL,
  provenance text NOT NULL DEFAULT 'measured',
  download_kbps integer,
  upload_kbps integer,
  min_rtt_us integer,
  cause text,
  server_download_kbps integer,
  server_upload_kbps integer,
  validity text NOT NULL,
  rule_version smallint NOT NULL,
  retest_of uuid,
  medium text NOT NULL,
  wifi_signal_percent smallint,
  link_kbps integer,
  own_received_bytes bigint,
  own_sent_bytes bigint,
  power text NOT NULL,
  address_family text,
  through_proxy boolean,
  change_set_no bigint NOT NULL,
  CONSTRAINT speed_test_pkey PRIMARY KEY (org_unit_id, tested_at, test_id),
  CONSTRAINT speed_test_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT speed_test_cause_check CHECK ((cause IS NULL) = (download_kbps IS NOT NULL AND upload_kbps IS NOT NULL)),
  CONSTRAINT speed_test_method_check CHECK (method IN ('agent', 'browser')),
  CONSTRAINT speed_test_provenance_check CHECK (provenance IN ('measured', 'modelled'))
) PARTITION BY RANGE (tested_at);
COMMENT ON TABLE speed_test IS 'One speed test of a building as both sides saw it, by month. Append-only.';
COMMENT ON COLUMN speed_test.org_unit_id IS 'Building; the organisation where it has no buildings of its own.';
COMMENT ON COLUMN speed_test.tested_at IS 'When the test began, by the client''s clock.';
COMMENT ON COLUMN speed_test.test_id IS 'Id made by the client.';
COMMENT ON COLUMN speed_test.ticket_id IS 'Leave for the test, by value; null: none could be had.';
COMMENT ON COLUMN speed_test.method IS 'The program on a school''s computer, or a page in a browser.';
COMMENT ON COLUMN speed_test.agent_id IS 'Installation that tested; a browser makes an id of its own.';
COMMENT ON COLUMN speed_test.agent_version IS 'Version of the program or the page.';
COMMENT ON COLUMN speed_test.provenance IS 'Measured, or modelled history of the demo.';
COMMENT ON COLUMN speed_test.download_kbps IS 'Client''s figure, 1,000 bits a second; null: this direction was not finished.';
COMMENT ON COLUMN speed_test.upload_kbps IS 'Client''s figure, 1,000 bits a second; null: this direction was not finished.';
COMMENT ON COLUMN speed_test.min_rtt_us IS 'Shortest round trip, microseconds; null: not known.';
COMMENT ON COLUMN speed_test.cause IS 'Why it came to no result; null: it did.';
COMMENT ON COLUMN speed_test.server_download_kbps IS 'Measurement server''s figure; null: its record was not there when the test was handed in.';
COMMENT ON COLUMN speed_test.server_upload_kbps IS 'Measurement server''s figure; null: its record was not there when the test was handed in.';
COMMENT ON COLUMN speed_test.validity IS 'What the test is good for, by the rule of rule_version.';
COMMENT ON COLUMN speed_test.rule_version IS 'Version of the rule of validity.';
COMMENT ON COLUMN speed_test.retest_of IS 'The low result that this test was made to confirm, by value.';
COMMENT ON COLUMN speed_test.medium IS 'How the computer is connected.';
COMMENT ON COLUMN speed_test.wifi_signal_percent IS 'Strength of the signal; null: not by Wi-Fi, or not known.';
COMMENT ON COLUMN speed_test.link_kbps IS 'Rate of the computer''s own link; null: not known.';
COMMENT ON COLUMN speed_test.own_received_bytes IS 'What the computer received besides the test meanwhile; null: not known.';
COMMENT ON COLUMN speed_test.own_sent_bytes IS 'What the computer sent besides the test meanwhile; null: not known.';
COMMENT ON COLUMN speed_test.power IS 'Mains or battery.';
COMMENT ON COLUMN speed_test.address_family IS 'IPv4 or IPv6; null: no connection was made.';
COMMENT ON COLUMN speed_test.through_proxy IS 'The connection went through a proxy; null: not known.';
COMMENT ON COLUMN speed_test.change_set_no IS 'Change set of the batch.';
CREATE INDEX speed_test_change_set_no_idx ON speed_test (change_set_no);
GRANT SELECT, INSERT ON speed_test TO edumon_app;

CREATE TABLE speed_confirmation (
  org_unit_id bigint NOT NULL,
  tested_at timestamptz NOT NULL,
  test_id uuid NOT NULL,
  server_download_kbps integer,
  server_upload_kbps integer,
  validity text NOT NULL,
  rule_version smallint NOT NULL,
  change_set_no bigint NOT NULL,
  CONSTRAINT speed_confirmation_pkey PRIMARY KEY (org_unit_id, tested_at, test_id),
  CONSTRAINT speed_confirmation_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id)
);
COMMENT ON TABLE speed_confirmation IS 'The measurement server''s side of a test whose record came after the test. Append-only; what it says replaces the test''s own words.';
COMMENT ON COLUMN speed_confirmation.org_unit_id IS 'Unit of the test.';
COMMENT ON COLUMN speed_confirmation.tested_at IS 'Time of the test.';
COMMENT ON COLUMN speed_confirmation.test_id IS 'The test.';
COMMENT ON COLUMN speed_confirmation.server_download_kbps IS 'Measurement server''s figure; null: that direction never began.';
COMMENT ON COLUMN speed_confirmation.server_upload_kbps IS 'Measurement server''s figure; null: that direction never began.';
COMMENT ON COLUMN speed_confirmation.validity IS 'What the test is good for, now that both sides are known.';
COMMENT ON COLUMN speed_confirmation.rule_version IS 'Version of the rule of validity.';
COMMENT ON COLUMN speed_confirmation.change_set_no IS 'Change set of the record.';
GRANT SELECT, INSERT ON speed_confirmation TO edumon_app;

CREATE TABLE agent_hour (
  org_unit_id bigint NOT NULL,
  hour_at timestamptz NOT NULL,
  ping_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  sent smallint NOT NULL,
  answered smallint NOT NULL,
  provenance text NOT NULL DEFAULT 'measured',
  change_set_no bigint NOT NULL,
  CONSTRAINT agent_hour_pkey PRIMARY KEY (org_unit_id, hour_at, ping_id),
  CONSTRAINT agent_hour_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT agent_hour_answered_check CHECK (answered BETWEEN 0 AND sent),
  CONSTRAINT agent_hour_provenance_check CHECK (provenance IN ('measured', 'modelled'))
);
COMMENT ON TABLE agent_hour IS 'Whether the server could be reached from a building in one hour. Append-only; an hour without a row was not reported.';
COMMENT ON COLUMN agent_hour.org_unit_id IS 'Building of the agent.';
COMMENT ON COLUMN agent_hour.hour_at IS 'Start of the hour.';
COMMENT ON COLUMN agent_hour.ping_id IS 'Id made by the agent.';
COMMENT ON COLUMN agent_hour.agent_id IS 'Installation that pinged.';
COMMENT ON COLUMN agent_hour.sent IS 'Pings sent in the hour.';
COMMENT ON COLUMN agent_hour.answered IS 'Of them answered.';
COMMENT ON COLUMN agent_hour.provenance IS 'Measured, or modelled history of the demo.';
COMMENT ON COLUMN agent_hour.change_set_no IS 'Change set of the batch.';
CREATE INDEX agent_hour_change_set_no_idx ON agent_hour (change_set_no);
GRANT SELECT, INSERT ON agent_hour TO edumon_app;
