-- Verdicts on the Internet of a building for a period, with the tests that they rest on.

CREATE TABLE speed_verdict (
  org_unit_id bigint NOT NULL,
  period_code text NOT NULL,
  kind text NOT NULL,
  rule_version smallint NOT NULL,
  change_set_no bigint NOT NULL,
  through_change_set_no bigint NOT NULL,
  first_test_at timestamptz,
  last_test_at timestamptz,
  tests integer NOT NULL,
  tests_sha256 text NOT NULL,
  verdict text NOT NULL,
  reason text,
  occasions integer NOT NULL,
  reached integer,
  unconfirmed_low integer NOT NULL,
  share double precision,
  share_low double precision,
  share_high double precision,
  asked_kbps integer,
  median_download_kbps integer,
  median_upload_kbps integer,
  computers integer,
  CONSTRAINT speed_verdict_pkey PRIMARY KEY (org_unit_id, period_code, kind, rule_version, change_set_no),
  CONSTRAINT speed_verdict_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT speed_verdict_kind_check CHECK (kind IN ('norm', 'contract', 'capacity')),
  CONSTRAINT speed_verdict_counts_check CHECK (reached <= occasions AND unconfirmed_low <= occasions AND occasions <= tests),
  CONSTRAINT speed_verdict_share_check CHECK (share BETWEEN share_low AND share_high AND share_low >= 0 AND share_high <= 1)
);
COMMENT ON TABLE speed_verdict IS 'What the tests of a period say of a building''s line. Append-only; a row is added when a verdict or what it rests on changes, and the highest change set counts. Recomputed from the same facts it is equal.';
COMMENT ON COLUMN speed_verdict.org_unit_id IS 'Building; the organisation where it has no buildings of its own.';
COMMENT ON COLUMN speed_verdict.period_code IS 'Month or quarter.';
COMMENT ON COLUMN speed_verdict.kind IS 'Judged against the legal norm, the contract, or the computers.';
COMMENT ON COLUMN speed_verdict.rule_version IS 'Version of the rule, see sql/reference/internet-rules.json.';
COMMENT ON COLUMN speed_verdict.change_set_no IS 'Change set of the verdict.';
COMMENT ON COLUMN speed_verdict.through_change_set_no IS 'Facts up to this change set were judged.';
COMMENT ON COLUMN speed_verdict.first_test_at IS 'Time of the first test that it rests on; null without one.';
COMMENT ON COLUMN speed_verdict.last_test_at IS 'Time of the last one. The valid tests between both, known at through_change_set_no, are exactly those.';
COMMENT ON COLUMN speed_verdict.tests IS 'Number of those tests.';
COMMENT ON COLUMN speed_verdict.tests_sha256 IS 'SHA-256 over their sorted ids, one a line: proves that the same tests were found again.';
COMMENT ON COLUMN speed_verdict.verdict IS 'The verdict, from the closed list of its kind.';
COMMENT ON COLUMN speed_verdict.reason IS 'Why there is none, or what it rests on besides tests; null: on tests alone.';
COMMENT ON COLUMN speed_verdict.occasions IS 'Looks at the line: a test with its retests is one.';
COMMENT ON COLUMN speed_verdict.reached IS 'Of them those that reached the contract; null for other kinds.';
COMMENT ON COLUMN speed_verdict.unconfirmed_low IS 'Of them low ones without a retest.';
COMMENT ON COLUMN speed_verdict.share IS 'Share that reached the contract, 0..1; null for other kinds and without an occasion.';
COMMENT ON COLUMN speed_verdict.share_low IS 'Low end of the share''s interval at 95 %.';
COMMENT ON COLUMN speed_verdict.share_high IS 'High end of it.';
COMMENT ON COLUMN speed_verdict.asked_kbps IS 'Norm, or download speed of the contract at the period''s end; null where there is none.';
COMMENT ON COLUMN speed_verdict.median_download_kbps IS 'Median of the occasions, 1,000 bits a second; null without one.';
COMMENT ON COLUMN speed_verdict.median_upload_kbps IS 'The same from the building.';
COMMENT ON COLUMN speed_verdict.computers IS 'Computers that the capacity is shared by; null for other kinds and when not reported.';
GRANT SELECT, INSERT ON speed_verdict TO edumon_app;

CREATE TABLE speed_verdict_run (
  through_change_set_no bigint NOT NULL,
  rule_version smallint NOT NULL,
  judged_on date NOT NULL,
  change_set_no bigint,
  buildings integer NOT NULL,
  verdicts integer NOT NULL,
  made_at timestamptz NOT NULL,
  CONSTRAINT speed_verdict_run_pkey PRIMARY KEY (through_change_set_no, rule_version, judged_on)
);
COMMENT ON TABLE speed_verdict_run IS 'How far verdicts follow the facts: one row a run that judged something.';
COMMENT ON COLUMN speed_verdict_run.through_change_set_no IS 'Facts up to this change set are judged.';
COMMENT ON COLUMN speed_verdict_run.rule_version IS 'Version of the newest rule then.';
COMMENT ON COLUMN speed_verdict_run.judged_on IS 'Day in the region on which it judged: contracts and computers of running periods are those of that day.';
COMMENT ON COLUMN speed_verdict_run.change_set_no IS 'Change set of its verdicts; null: nothing had changed.';
COMMENT ON COLUMN speed_verdict_run.buildings IS 'Buildings whose facts had changed.';
COMMENT ON COLUMN speed_verdict_run.verdicts IS 'Verdicts that came out differently and were stored.';
COMMENT ON COLUMN speed_verdict_run.made_at IS 'When.';
GRANT SELECT, INSERT ON speed_verdict_run TO edumon_app;
