-- Speeds that people report of their building. They stay apart from what is measured.

CREATE TABLE self_reported_speed (
  org_unit_id bigint NOT NULL,
  reported_on date NOT NULL,
  change_set_no bigint NOT NULL,
  download_kbps integer NOT NULL,
  upload_kbps integer,
  method text,
  source_kind text NOT NULL,
  source_id text NOT NULL,
  source_place text,
  CONSTRAINT self_reported_speed_pkey PRIMARY KEY (org_unit_id, reported_on, change_set_no),
  CONSTRAINT self_reported_speed_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT self_reported_speed_kbps_check CHECK (download_kbps >= 0 AND upload_kbps >= 0)
);
COMMENT ON TABLE self_reported_speed IS 'Speed that somebody reports of a building. It moves no measured figure. Append-only: for one day the highest change set counts.';
COMMENT ON COLUMN self_reported_speed.org_unit_id IS 'Building; the organisation where it has no buildings of its own.';
COMMENT ON COLUMN self_reported_speed.reported_on IS 'Day that the report speaks of.';
COMMENT ON COLUMN self_reported_speed.change_set_no IS 'Change set that made it known.';
COMMENT ON COLUMN self_reported_speed.download_kbps IS 'Reported speed towards the building, 1,000 bits a second.';
COMMENT ON COLUMN self_reported_speed.upload_kbps IS 'Reported speed from the building; null when not given.';
COMMENT ON COLUMN self_reported_speed.method IS 'How they came to it, in their words; null when not given.';
COMMENT ON COLUMN self_reported_speed.source_kind IS 'What it came from.';
COMMENT ON COLUMN self_reported_speed.source_id IS 'Import number.';
COMMENT ON COLUMN self_reported_speed.source_place IS 'Sheet and row in the source, as Excel counts.';
CREATE INDEX self_reported_speed_change_set_no_idx ON self_reported_speed (change_set_no);
GRANT SELECT, INSERT ON self_reported_speed TO edumon_app;
