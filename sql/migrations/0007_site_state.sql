-- Latest state per target (a cache that rebuilds equal from facts), incidents as events, hourly ledgers.

CREATE TABLE site_state (
  org_unit_id bigint NOT NULL,
  target_id uuid NOT NULL,
  verdict text,
  cause text,
  verdict_since timestamptz,
  last_checked_at timestamptz,
  last_check_id uuid,
  last_verdict_at timestamptz,
  last_round_no bigint,
  failed_rounds integer NOT NULL DEFAULT 0,
  good_rounds integer NOT NULL DEFAULT 0,
  is_flapping boolean NOT NULL DEFAULT false,
  recent_turns timestamptz[] NOT NULL DEFAULT '{}',
  incident_id bigint,
  remote_address text,
  address_seen_at timestamptz,
  address_check_id uuid,
  http_status smallint,
  total_ms integer,
  answered_at timestamptz,
  answer_check_id uuid,
  title text,
  platform text,
  certificate jsonb,
  certificate_not_after timestamptz,
  certificate_valid boolean,
  last_audit_id uuid,
  last_audited_at timestamptz,
  audit_outcome text,
  change_set_no bigint NOT NULL,
  CONSTRAINT site_state_pkey PRIMARY KEY (org_unit_id, target_id),
  CONSTRAINT site_state_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id)
);
COMMENT ON TABLE site_state IS 'Newest state of each target, upserted at ingest: a cache that can be rebuilt equal from the facts.';
COMMENT ON COLUMN site_state.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_state.target_id IS 'The target.';
COMMENT ON COLUMN site_state.verdict IS 'Confirmed verdict; null before the first one.';
COMMENT ON COLUMN site_state.cause IS 'Cause of the confirmed verdict; null when it works.';
COMMENT ON COLUMN site_state.verdict_since IS 'Since when the verdict holds.';
COMMENT ON COLUMN site_state.last_checked_at IS 'Newest probe.';
COMMENT ON COLUMN site_state.last_check_id IS 'Newest probe''s id.';
COMMENT ON COLUMN site_state.last_verdict_at IS 'When a round last ended in a verdict.';
COMMENT ON COLUMN site_state.last_round_no IS 'That round.';
COMMENT ON COLUMN site_state.failed_rounds IS 'Rounds in a row that said it does not work.';
COMMENT ON COLUMN site_state.good_rounds IS 'Rounds in a row in which it answered.';
COMMENT ON COLUMN site_state.is_flapping IS 'It changed between working and not too often of late.';
COMMENT ON COLUMN site_state.recent_turns IS 'Latest turns between failing and answering, oldest first.';
COMMENT ON COLUMN site_state.incident_id IS 'Open incident, by value.';
COMMENT ON COLUMN site_state.remote_address IS 'Address of the newest connection: sites of one hoster share it.';
COMMENT ON COLUMN site_state.address_seen_at IS 'Probe that supplied the address.';
COMMENT ON COLUMN site_state.address_check_id IS 'Its id.';
COMMENT ON COLUMN site_state.answered_at IS 'Newest probe with a certificate or an answer: title, platform and certificate are its.';
COMMENT ON COLUMN site_state.answer_check_id IS 'Its id.';
COMMENT ON COLUMN site_state.http_status IS 'Newest status.';
COMMENT ON COLUMN site_state.total_ms IS 'Newest duration, milliseconds.';
COMMENT ON COLUMN site_state.title IS 'Title of that probe.';
COMMENT ON COLUMN site_state.platform IS 'What the site is built with.';
COMMENT ON COLUMN site_state.certificate IS 'Certificate of that probe; null without TLS.';
COMMENT ON COLUMN site_state.certificate_not_after IS 'Its end.';
COMMENT ON COLUMN site_state.certificate_valid IS 'In time, name matches, chain trusted by some store; null without TLS.';
COMMENT ON COLUMN site_state.last_audit_id IS 'Newest content audit.';
COMMENT ON COLUMN site_state.last_audited_at IS 'When it began.';
COMMENT ON COLUMN site_state.audit_outcome IS 'Whether it could be made.';
COMMENT ON COLUMN site_state.change_set_no IS 'Change set that wrote the row last.';
GRANT SELECT, INSERT, UPDATE, DELETE ON site_state TO edumon_app;

CREATE TABLE site_verdict (
  org_unit_id bigint NOT NULL,
  decided_at timestamptz NOT NULL,
  target_id uuid NOT NULL,
  round_no bigint NOT NULL,
  verdict text NOT NULL,
  cause text,
  agreeing smallint NOT NULL,
  counted smallint NOT NULL,
  vantages text[] NOT NULL,
  provenance text NOT NULL DEFAULT 'measured',
  change_set_no bigint NOT NULL,
  CONSTRAINT site_verdict_pkey PRIMARY KEY (org_unit_id, decided_at, target_id, round_no),
  CONSTRAINT site_verdict_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT site_verdict_provenance_check CHECK (provenance IN ('measured', 'modelled')),
  CONSTRAINT site_verdict_verdict_check CHECK (verdict IN ('works', 'does_not_work', 'cannot_tell', 'blocks_robots'))
);
COMMENT ON TABLE site_verdict IS 'Verdict of one round: what the majority of attempts and vantages said. Append-only.';
COMMENT ON COLUMN site_verdict.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_verdict.decided_at IS 'Start of the last probe that the verdict rests on.';
COMMENT ON COLUMN site_verdict.target_id IS 'The target.';
COMMENT ON COLUMN site_verdict.round_no IS 'The round.';
COMMENT ON COLUMN site_verdict.verdict IS 'The verdict.';
COMMENT ON COLUMN site_verdict.cause IS 'Its cause; null when it works.';
COMMENT ON COLUMN site_verdict.agreeing IS 'Probes that agree with it.';
COMMENT ON COLUMN site_verdict.counted IS 'Probes that count: one per attempt and vantage.';
COMMENT ON COLUMN site_verdict.vantages IS 'Vantages that agree with it.';
COMMENT ON COLUMN site_verdict.provenance IS 'From real probes, or modelled history of the demo; the latter has rounds below zero.';
COMMENT ON COLUMN site_verdict.change_set_no IS 'Change set of the batch that ended the round.';
GRANT SELECT, INSERT ON site_verdict TO edumon_app;

CREATE TABLE site_hour (
  org_unit_id bigint NOT NULL,
  local_day date NOT NULL,
  local_hour smallint NOT NULL,
  target_id uuid NOT NULL,
  validity text NOT NULL,
  rule_version smallint NOT NULL,
  change_set_no bigint NOT NULL,
  verdicts integer NOT NULL,
  observed_s integer NOT NULL,
  up_s integer NOT NULL,
  provenance text NOT NULL DEFAULT 'measured',
  CONSTRAINT site_hour_pkey PRIMARY KEY (org_unit_id, local_day, local_hour, target_id, validity, rule_version, change_set_no),
  CONSTRAINT site_hour_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT site_hour_provenance_check CHECK (provenance IN ('measured', 'modelled')),
  CONSTRAINT site_hour_validity_check CHECK (validity IN ('counted', 'cannot_tell', 'excluded'))
);
COMMENT ON TABLE site_hour IS 'Ledger of observed and up time per target and local hour. Summed over change sets; a voided source adds negative rows.';
COMMENT ON COLUMN site_hour.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN site_hour.local_day IS 'Day in the region''s zone.';
COMMENT ON COLUMN site_hour.local_hour IS 'Hour in the region''s zone, 0 to 23.';
COMMENT ON COLUMN site_hour.target_id IS 'The target.';
COMMENT ON COLUMN site_hour.validity IS 'counted; cannot_tell: observed without a verdict; excluded: by a dated status.';
COMMENT ON COLUMN site_hour.rule_version IS 'Version of the rule that made the row.';
COMMENT ON COLUMN site_hour.change_set_no IS 'Change set that added it.';
COMMENT ON COLUMN site_hour.verdicts IS 'Rounds that ended in this hour.';
COMMENT ON COLUMN site_hour.provenance IS 'From real probes, or modelled history of the demo.';
COMMENT ON COLUMN site_hour.observed_s IS 'Observed time, seconds.';
COMMENT ON COLUMN site_hour.up_s IS 'Of it, time in which the site worked, seconds.';
GRANT SELECT, INSERT ON site_hour TO edumon_app;

CREATE TABLE incident (
  incident_id bigserial NOT NULL,
  opened_at timestamptz NOT NULL,
  change_set_no bigint NOT NULL,
  CONSTRAINT incident_pkey PRIMARY KEY (incident_id)
);
COMMENT ON TABLE incident IS 'Head of an incident; what it is stands in its events.';
COMMENT ON COLUMN incident.incident_id IS 'Own number.';
COMMENT ON COLUMN incident.opened_at IS 'Start of the first confirmed failure.';
COMMENT ON COLUMN incident.change_set_no IS 'Change set that opened it.';
GRANT SELECT, INSERT ON incident TO edumon_app;
GRANT USAGE, SELECT ON SEQUENCE incident_incident_id_seq TO edumon_app;

CREATE TABLE incident_event (
  incident_id bigint NOT NULL,
  event_no integer NOT NULL,
  kind text NOT NULL,
  occurred_at timestamptz NOT NULL,
  scope text NOT NULL,
  scope_key text NOT NULL,
  cause text NOT NULL,
  target_count integer NOT NULL,
  note text,
  change_set_no bigint NOT NULL,
  CONSTRAINT incident_event_pkey PRIMARY KEY (incident_id, event_no),
  CONSTRAINT incident_event_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incident (incident_id),
  CONSTRAINT incident_event_kind_check CHECK (kind IN ('opened', 'widened', 'closed', 're_attributed', 'annulled')),
  CONSTRAINT incident_event_scope_check CHECK (scope IN ('site', 'hoster_address', 'provider', 'municipality'))
);
COMMENT ON TABLE incident_event IS 'What happened to an incident, in order. Append-only.';
COMMENT ON COLUMN incident_event.incident_id IS 'The incident.';
COMMENT ON COLUMN incident_event.event_no IS 'Order, from 1.';
COMMENT ON COLUMN incident_event.kind IS 'What happened.';
COMMENT ON COLUMN incident_event.occurred_at IS 'When it happened in the world.';
COMMENT ON COLUMN incident_event.scope IS 'What the failures share from now on.';
COMMENT ON COLUMN incident_event.scope_key IS 'The site, address, provider or municipality.';
COMMENT ON COLUMN incident_event.cause IS 'Cause of most members.';
COMMENT ON COLUMN incident_event.target_count IS 'Targets in it after this event.';
COMMENT ON COLUMN incident_event.note IS 'Reason, for an event made by a person or by a merge.';
COMMENT ON COLUMN incident_event.change_set_no IS 'Change set of the event.';
GRANT SELECT, INSERT ON incident_event TO edumon_app;

CREATE TABLE incident_member (
  org_unit_id bigint NOT NULL,
  incident_id bigint NOT NULL,
  target_id uuid NOT NULL,
  event text NOT NULL,
  occurred_at timestamptz NOT NULL,
  cause text,
  change_set_no bigint NOT NULL,
  CONSTRAINT incident_member_pkey PRIMARY KEY (org_unit_id, incident_id, target_id, event, occurred_at),
  CONSTRAINT incident_member_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT incident_member_event_check CHECK (event IN ('joined', 'left', 'moved'))
);
COMMENT ON TABLE incident_member IS 'Targets coming into an incident and leaving it. Append-only.';
COMMENT ON COLUMN incident_member.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN incident_member.incident_id IS 'The incident, by value.';
COMMENT ON COLUMN incident_member.target_id IS 'The target.';
COMMENT ON COLUMN incident_member.event IS 'joined, left by recovery, or moved to another incident.';
COMMENT ON COLUMN incident_member.occurred_at IS 'When it happened in the world.';
COMMENT ON COLUMN incident_member.cause IS 'Cause of this target''s failure.';
COMMENT ON COLUMN incident_member.change_set_no IS 'Change set of the event.';
GRANT SELECT, INSERT ON incident_member TO edumon_app;
