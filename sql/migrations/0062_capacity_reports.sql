-- «Сведения об организации»: numbers of pupils and computers as of a day.

CREATE TABLE capacity_report (
  org_unit_id bigint NOT NULL,
  as_of_day date NOT NULL,
  change_set_no bigint NOT NULL,
  pupils integer,
  shifts smallint,
  computers integer,
  settlement_kind text,
  source_kind text NOT NULL,
  source_id text NOT NULL,
  source_place text,
  CONSTRAINT capacity_report_pkey PRIMARY KEY (org_unit_id, as_of_day, change_set_no),
  CONSTRAINT capacity_report_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT capacity_report_settlement_kind_check CHECK (settlement_kind IN ('city', 'urban_settlement', 'village')),
  CONSTRAINT capacity_report_numbers_check CHECK (pupils >= 0 AND shifts BETWEEN 1 AND 3 AND computers >= 0)
);
COMMENT ON TABLE capacity_report IS 'What an organisation reports of itself or of one of its buildings as of a day. Append-only: for one day the highest change set counts.';
COMMENT ON COLUMN capacity_report.org_unit_id IS 'Building, or the organisation as a whole.';
COMMENT ON COLUMN capacity_report.as_of_day IS 'Day that the numbers are of.';
COMMENT ON COLUMN capacity_report.change_set_no IS 'Change set that made it known.';
COMMENT ON COLUMN capacity_report.pupils IS 'Pupils; null when not given.';
COMMENT ON COLUMN capacity_report.shifts IS 'Shifts; null when not given.';
COMMENT ON COLUMN capacity_report.computers IS 'Computers used for teaching; null when not given.';
COMMENT ON COLUMN capacity_report.settlement_kind IS 'Kind of the settlement; null when not given.';
COMMENT ON COLUMN capacity_report.source_kind IS 'What it came from.';
COMMENT ON COLUMN capacity_report.source_id IS 'Import number.';
COMMENT ON COLUMN capacity_report.source_place IS 'Sheet and row in the source, as Excel counts.';
CREATE INDEX capacity_report_change_set_no_idx ON capacity_report (change_set_no);
GRANT SELECT, INSERT ON capacity_report TO edumon_app;
