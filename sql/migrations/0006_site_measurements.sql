-- What website collectors see: availability checks in monthly partitions, content audits, evidence, human checks.

CREATE TABLE site_check (
  org_unit_id bigint NOT NULL,
  checked_at timestamptz NOT NULL,
  check_id uuid NOT NULL,
  target_id uuid NOT NULL,
  lease_id uuid NOT NULL,
  round_no bigint NOT NULL,
  attempt smallint NOT NULL,
  vantage text NOT NULL,
  collector_version text NOT NULL,
  provenance text NOT NULL,
  verdict text NOT NULL,
  cause text,
  own_link text NOT NULL,
  resolve_ms integer,
  connect_ms integer,
  tls_ms integer,
  first_byte_ms integer,
  total_ms integer NOT NULL,
  http_status smallint,
  remote_address text,
  body_sha256 text,
  certificate_not_after timestamptz,
  certificate_valid boolean,
  detail jsonb,
  change_set_no bigint NOT NULL,
  CONSTRAINT site_check_pkey PRIMARY KEY (org_unit_id, checked_at, check_id),
  CONSTRAINT site_check_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT site_check_verdict_check CHECK (verdict IN ('works', 'does_not_work', 'cannot_tell', 'blocks_robots')),
  CONSTRAINT site_check_cause_check CHECK ((cause IS NULL) = (verdict = 'works')),
  CONSTRAINT site_check_provenance_check CHECK (provenance IN ('measured', 'modelled'))
) PARTITION BY RANGE (checked_at);
COMMENT ON TABLE site_check IS 'One availability probe of a home page. Append-only; one partition a month.';
COMMENT ON COLUMN site_check.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_check.checked_at IS 'When the probe began.';
COMMENT ON COLUMN site_check.check_id IS 'Client-made id.';
COMMENT ON COLUMN site_check.target_id IS 'The target.';
COMMENT ON COLUMN site_check.lease_id IS 'The lease it was made under.';
COMMENT ON COLUMN site_check.round_no IS 'Round of attempts.';
COMMENT ON COLUMN site_check.attempt IS 'Attempt within the round.';
COMMENT ON COLUMN site_check.vantage IS 'From where.';
COMMENT ON COLUMN site_check.collector_version IS 'Version of the collector.';
COMMENT ON COLUMN site_check.provenance IS 'measured by a probe, or modelled history of the demo.';
COMMENT ON COLUMN site_check.verdict IS 'What this one probe says.';
COMMENT ON COLUMN site_check.cause IS 'Cause from the closed list; null exactly when the site works.';
COMMENT ON COLUMN site_check.own_link IS 'What witness targets said of the vantage''s own link.';
COMMENT ON COLUMN site_check.resolve_ms IS 'Name resolution, milliseconds; null when not reached or not needed.';
COMMENT ON COLUMN site_check.connect_ms IS 'TCP connection, milliseconds; null when not reached.';
COMMENT ON COLUMN site_check.tls_ms IS 'TLS handshake, milliseconds; null on http or when not reached.';
COMMENT ON COLUMN site_check.first_byte_ms IS 'Wait for the first byte, milliseconds; null when not reached.';
COMMENT ON COLUMN site_check.total_ms IS 'Whole probe, milliseconds.';
COMMENT ON COLUMN site_check.http_status IS 'Status of the last answer; null when there was none.';
COMMENT ON COLUMN site_check.remote_address IS 'Address that was connected to; null when none was.';
COMMENT ON COLUMN site_check.body_sha256 IS 'Hash of the body; null when there was none.';
COMMENT ON COLUMN site_check.certificate_not_after IS 'End of the certificate; null without TLS.';
COMMENT ON COLUMN site_check.certificate_valid IS 'In time, name matches, chain trusted by some store; null without TLS.';
COMMENT ON COLUMN site_check.detail IS 'Redirects, certificate, charset, title, platform, protocol.';
COMMENT ON COLUMN site_check.change_set_no IS 'Change set of the batch.';
CREATE INDEX site_check_target_idx ON site_check (org_unit_id, target_id, checked_at DESC);
GRANT SELECT, INSERT ON site_check TO edumon_app;

CREATE TABLE site_audit (
  org_unit_id bigint NOT NULL,
  audited_at timestamptz NOT NULL,
  audit_id uuid NOT NULL,
  target_id uuid NOT NULL,
  lease_id uuid NOT NULL,
  vantage text NOT NULL,
  collector_version text NOT NULL,
  outcome text NOT NULL,
  cause text,
  rule_set text NOT NULL,
  platform text NOT NULL,
  section_url text,
  page_count integer NOT NULL,
  duration_ms integer NOT NULL,
  change_set_no bigint NOT NULL,
  CONSTRAINT site_audit_pkey PRIMARY KEY (org_unit_id, audited_at, audit_id),
  CONSTRAINT site_audit_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT site_audit_outcome_check CHECK (outcome IN ('audited', 'not_allowed', 'unreachable', 'cannot_tell'))
);
COMMENT ON TABLE site_audit IS 'One content audit of a site. Append-only.';
COMMENT ON COLUMN site_audit.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_audit.audited_at IS 'When the audit began.';
COMMENT ON COLUMN site_audit.audit_id IS 'Client-made id.';
COMMENT ON COLUMN site_audit.target_id IS 'The target.';
COMMENT ON COLUMN site_audit.lease_id IS 'The lease it was made under.';
COMMENT ON COLUMN site_audit.vantage IS 'From where.';
COMMENT ON COLUMN site_audit.collector_version IS 'Version of the collector.';
COMMENT ON COLUMN site_audit.outcome IS 'Whether it could be made; robots.txt may not allow it.';
COMMENT ON COLUMN site_audit.cause IS 'Cause from the closed list when the site could not be read.';
COMMENT ON COLUMN site_audit.rule_set IS 'Version of the rules that were in force on that day.';
COMMENT ON COLUMN site_audit.platform IS 'What the site is built with: remedies differ.';
COMMENT ON COLUMN site_audit.section_url IS 'Where the section was found; null when it was not.';
COMMENT ON COLUMN site_audit.page_count IS 'Pages read.';
COMMENT ON COLUMN site_audit.duration_ms IS 'Whole audit, milliseconds.';
COMMENT ON COLUMN site_audit.change_set_no IS 'Change set of the batch.';
GRANT SELECT, INSERT ON site_audit TO edumon_app;

CREATE TABLE site_subsection (
  org_unit_id bigint NOT NULL,
  audited_at timestamptz NOT NULL,
  audit_id uuid NOT NULL,
  subsection text NOT NULL,
  source_grade text NOT NULL,
  target_id uuid NOT NULL,
  url text,
  found_by text,
  presence text NOT NULL,
  markup text,
  freshness text,
  items_present smallint NOT NULL,
  items_expected smallint NOT NULL,
  items_marked smallint NOT NULL,
  dated_on date,
  findings jsonb NOT NULL,
  change_set_no bigint NOT NULL,
  CONSTRAINT site_subsection_pkey PRIMARY KEY (org_unit_id, audited_at, audit_id, subsection),
  CONSTRAINT site_subsection_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT site_subsection_source_grade_check CHECK (source_grade IN ('collector', 'person')),
  CONSTRAINT site_subsection_presence_check CHECK (presence IN ('present', 'empty', 'absent', 'not_confirmed')),
  CONSTRAINT site_subsection_markup_check CHECK (markup IN ('current', 'outdated', 'faulty', 'none')),
  CONSTRAINT site_subsection_freshness_check CHECK (freshness IN ('dated', 'overdue', 'undated'))
);
COMMENT ON TABLE site_subsection IS 'One subsection of the section as judged by one audit or one human check, on three separate scales. Append-only.';
COMMENT ON COLUMN site_subsection.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_subsection.audited_at IS 'When the audit began.';
COMMENT ON COLUMN site_subsection.audit_id IS 'The audit, or the human check.';
COMMENT ON COLUMN site_subsection.subsection IS 'Official address word of the subsection.';
COMMENT ON COLUMN site_subsection.source_grade IS 'Judged by the collector or by a person with the checklist.';
COMMENT ON COLUMN site_subsection.target_id IS 'The target.';
COMMENT ON COLUMN site_subsection.url IS 'Page of the subsection; null when none was found.';
COMMENT ON COLUMN site_subsection.found_by IS 'How the page was found.';
COMMENT ON COLUMN site_subsection.presence IS 'Whether the information is there.';
COMMENT ON COLUMN site_subsection.markup IS 'State of the microdata; null without a page.';
COMMENT ON COLUMN site_subsection.freshness IS 'State of the dates; null without a page.';
COMMENT ON COLUMN site_subsection.items_present IS 'Required items that are shown.';
COMMENT ON COLUMN site_subsection.items_expected IS 'Items that the rules require.';
COMMENT ON COLUMN site_subsection.items_marked IS 'Required items confirmed by current itemprop.';
COMMENT ON COLUMN site_subsection.dated_on IS 'Latest date stated on the page; null when there is none.';
COMMENT ON COLUMN site_subsection.findings IS 'Findings with rule, scale, outcome, what was seen and where.';
COMMENT ON COLUMN site_subsection.change_set_no IS 'Change set of the batch.';
GRANT SELECT, INSERT ON site_subsection TO edumon_app;

CREATE TABLE site_evidence (
  org_unit_id bigint NOT NULL,
  fetched_at timestamptz NOT NULL,
  evidence_id uuid NOT NULL,
  measurement_id uuid NOT NULL,
  target_id uuid NOT NULL,
  url text NOT NULL,
  http_status smallint,
  headers jsonb NOT NULL,
  body_sha256 text,
  body_bytes bigint NOT NULL,
  copy_sha256 text,
  is_trimmed boolean NOT NULL,
  change_set_no bigint NOT NULL,
  CONSTRAINT site_evidence_pkey PRIMARY KEY (org_unit_id, fetched_at, evidence_id),
  CONSTRAINT site_evidence_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id)
);
COMMENT ON TABLE site_evidence IS 'What is kept of one answer, so that a person can open it later. Append-only.';
COMMENT ON COLUMN site_evidence.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_evidence.fetched_at IS 'When it was fetched.';
COMMENT ON COLUMN site_evidence.evidence_id IS 'Own id.';
COMMENT ON COLUMN site_evidence.measurement_id IS 'The check or audit that rests on it.';
COMMENT ON COLUMN site_evidence.target_id IS 'The target.';
COMMENT ON COLUMN site_evidence.url IS 'Address that was asked.';
COMMENT ON COLUMN site_evidence.http_status IS 'Status; null when there was no answer.';
COMMENT ON COLUMN site_evidence.headers IS 'Answer headers as pairs.';
COMMENT ON COLUMN site_evidence.body_sha256 IS 'Hash of the body as received; null when there was none.';
COMMENT ON COLUMN site_evidence.body_bytes IS 'Bytes received.';
COMMENT ON COLUMN site_evidence.copy_sha256 IS 'Stored trimmed copy (gzip), by value; null when none was kept.';
COMMENT ON COLUMN site_evidence.is_trimmed IS 'The copy is shorter than the body.';
COMMENT ON COLUMN site_evidence.change_set_no IS 'Change set of the batch.';
CREATE INDEX site_evidence_measurement_idx ON site_evidence (org_unit_id, measurement_id);
GRANT SELECT, INSERT ON site_evidence TO edumon_app;

CREATE TABLE human_check (
  org_unit_id bigint NOT NULL,
  checked_on date NOT NULL,
  human_check_id uuid NOT NULL,
  target_id uuid NOT NULL,
  person text NOT NULL,
  note text,
  picture_sha256 text,
  change_set_no bigint NOT NULL,
  CONSTRAINT human_check_pkey PRIMARY KEY (org_unit_id, checked_on, human_check_id),
  CONSTRAINT human_check_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id)
);
COMMENT ON TABLE human_check IS 'A person looked at a site with the checklist: a second source of its own grade. Its judgements are rows of site_subsection.';
COMMENT ON COLUMN human_check.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN human_check.checked_on IS 'The day of the look.';
COMMENT ON COLUMN human_check.human_check_id IS 'Own id.';
COMMENT ON COLUMN human_check.target_id IS 'The target.';
COMMENT ON COLUMN human_check.person IS 'Who looked.';
COMMENT ON COLUMN human_check.note IS 'Remark.';
COMMENT ON COLUMN human_check.picture_sha256 IS 'Stored picture of the page, by value.';
COMMENT ON COLUMN human_check.change_set_no IS 'Change set of the entry.';
GRANT SELECT, INSERT ON human_check TO edumon_app;
