-- Appeals to operators about the connection of a building or organisation, and their answers.

CREATE TABLE operator_appeal (
  org_unit_id bigint NOT NULL,
  appeal_number text NOT NULL,
  change_set_no bigint NOT NULL,
  sent_on date NOT NULL,
  operator text NOT NULL,
  subject text NOT NULL,
  answer text,
  answered_on date,
  entered_at timestamptz NOT NULL,
  entered_by text NOT NULL,
  entered_by_user_id bigint,
  CONSTRAINT operator_appeal_pkey PRIMARY KEY (org_unit_id, appeal_number, change_set_no),
  CONSTRAINT operator_appeal_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT operator_appeal_answer_check CHECK ((answer IS NULL) = (answered_on IS NULL) AND answered_on >= sent_on)
);
COMMENT ON TABLE operator_appeal IS 'A request to the operator of a line, with its answer once there is one. Append-only: the same number is a new version, of which the highest change set counts.';
COMMENT ON COLUMN operator_appeal.org_unit_id IS 'Building or organisation that it is about.';
COMMENT ON COLUMN operator_appeal.appeal_number IS 'Its number, as registered.';
COMMENT ON COLUMN operator_appeal.change_set_no IS 'Change set of the entry.';
COMMENT ON COLUMN operator_appeal.sent_on IS 'Its date.';
COMMENT ON COLUMN operator_appeal.operator IS 'Whom it was sent to.';
COMMENT ON COLUMN operator_appeal.subject IS 'What it asks for.';
COMMENT ON COLUMN operator_appeal.answer IS 'Text of the answer; null while there is none.';
COMMENT ON COLUMN operator_appeal.answered_on IS 'Date of the answer; null while there is none.';
COMMENT ON COLUMN operator_appeal.entered_at IS 'When this version was entered.';
COMMENT ON COLUMN operator_appeal.entered_by IS 'Who entered it, by name.';
COMMENT ON COLUMN operator_appeal.entered_by_user_id IS 'The account, by value; null: a program.';
GRANT SELECT, INSERT ON operator_appeal TO edumon_app;
