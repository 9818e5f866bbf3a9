-- Objections to findings of a site: disputes and requests to mute, and what was decided of them.

CREATE TABLE objection (
  org_unit_id bigint NOT NULL,
  objection_id uuid NOT NULL,
  target_id uuid NOT NULL,
  kind text NOT NULL,
  finding text NOT NULL,
  subsection text,
  incident_id bigint,
  seen_from date NOT NULL,
  seen_at timestamptz,
  seen_outcome text,
  seen_detail text,
  seen_measurement_id uuid,
  reason text NOT NULL,
  asked_until date,
  file_name text,
  file_sha256 text,
  opened_at timestamptz NOT NULL,
  opened_by text NOT NULL,
  opened_by_user_id bigint,
  due_on date NOT NULL,
  change_set_no bigint NOT NULL,
  CONSTRAINT objection_pkey PRIMARY KEY (org_unit_id, objection_id),
  CONSTRAINT objection_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT objection_kind_check CHECK (kind IN ('dispute', 'mute')),
  CONSTRAINT objection_finding_check CHECK (finding IN ('availability', 'certificate', 'subsection')),
  CONSTRAINT objection_subsection_check CHECK ((finding = 'subsection') = (subsection IS NOT NULL)),
  CONSTRAINT objection_asked_until_check CHECK ((kind = 'mute') = (asked_until IS NOT NULL)),
  CONSTRAINT objection_file_check CHECK ((file_name IS NULL) = (file_sha256 IS NULL))
);
COMMENT ON TABLE objection IS 'Somebody objects to a finding of a site: disputes it, or asks to mute it for a time. Append-only; what was decided stands in objection_decision.';
COMMENT ON COLUMN objection.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN objection.objection_id IS 'Own id.';
COMMENT ON COLUMN objection.target_id IS 'The site.';
COMMENT ON COLUMN objection.kind IS 'dispute: the finding is wrong; mute: it should not count for a time.';
COMMENT ON COLUMN objection.finding IS 'What of the site: its verdicts, its certificate, or one subsection of the obligatory section.';
COMMENT ON COLUMN objection.subsection IS 'Official address word of the subsection; null for other findings.';
COMMENT ON COLUMN objection.incident_id IS 'The incident that the objection speaks of, by value; null: the state at its opening.';
COMMENT ON COLUMN objection.seen_from IS 'Region''s day since which the finding holds; a dispute cannot be granted for days before.';
COMMENT ON COLUMN objection.seen_at IS 'When the finding was last observed before the objection; null when there was none to be muted yet.';
COMMENT ON COLUMN objection.seen_outcome IS 'What had been found: verdict, state of the certificate, or presence.';
COMMENT ON COLUMN objection.seen_detail IS 'Cause of the verdict; null when it has none.';
COMMENT ON COLUMN objection.seen_measurement_id IS 'Check or audit that had found it, by value.';
COMMENT ON COLUMN objection.reason IS 'Why, in the words of who opened it.';
COMMENT ON COLUMN objection.asked_until IS 'Last day that the mute is asked for; null for a dispute.';
COMMENT ON COLUMN objection.file_name IS 'Name of the file that was sent with it.';
COMMENT ON COLUMN objection.file_sha256 IS 'The file, by value.';
COMMENT ON COLUMN objection.opened_at IS 'When it was opened.';
COMMENT ON COLUMN objection.opened_by IS 'Who opened it, by name.';
COMMENT ON COLUMN objection.opened_by_user_id IS 'The account, by value: who opened does not decide.';
COMMENT ON COLUMN objection.due_on IS 'Last day to decide it, by the calendar of working days.';
COMMENT ON COLUMN objection.change_set_no IS 'Change set of the opening.';
GRANT SELECT, INSERT ON objection TO edumon_app;
CREATE INDEX objection_opened_at_idx ON objection (opened_at);

CREATE TABLE objection_decision (
  org_unit_id bigint NOT NULL,
  objection_id uuid NOT NULL,
  outcome text NOT NULL,
  reason text NOT NULL,
  valid_from date,
  valid_to date,
  decided_at timestamptz NOT NULL,
  decided_by text NOT NULL,
  decided_by_user_id bigint,
  change_set_no bigint NOT NULL,
  CONSTRAINT objection_decision_pkey PRIMARY KEY (org_unit_id, objection_id),
  CONSTRAINT objection_decision_objection_fkey FOREIGN KEY (org_unit_id, objection_id) REFERENCES objection (org_unit_id, objection_id),
  CONSTRAINT objection_decision_outcome_check CHECK (outcome IN ('granted', 'rejected')),
  CONSTRAINT objection_decision_days_check CHECK ((outcome = 'granted') = (valid_from IS NOT NULL AND valid_to IS NOT NULL) AND (valid_from IS NULL) = (valid_to IS NULL) AND valid_from <= valid_to)
);
COMMENT ON TABLE objection_decision IS 'What was decided of an objection, once. Append-only. A granted one takes its finding out of the indicators for its days.';
COMMENT ON COLUMN objection_decision.org_unit_id IS 'Unit of the target.';
COMMENT ON COLUMN objection_decision.objection_id IS 'The objection.';
COMMENT ON COLUMN objection_decision.outcome IS 'What was decided.';
COMMENT ON COLUMN objection_decision.reason IS 'Why.';
COMMENT ON COLUMN objection_decision.valid_from IS 'First day on which the finding does not count; null when rejected.';
COMMENT ON COLUMN objection_decision.valid_to IS 'Last such day; null when rejected.';
COMMENT ON COLUMN objection_decision.decided_at IS 'When.';
COMMENT ON COLUMN objection_decision.decided_by IS 'Who, by name.';
COMMENT ON COLUMN objection_decision.decided_by_user_id IS 'The account, by value.';
COMMENT ON COLUMN objection_decision.change_set_no IS 'Change set of the decision.';
GRANT SELECT, INSERT ON objection_decision TO edumon_app;
