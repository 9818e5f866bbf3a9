-- Registry of org units: stable ids, dated and bitemporal versions, statuses, succession.

CREATE TABLE org_unit (
  org_unit_id bigserial NOT NULL,
  kind text NOT NULL,
  region_id bigint NOT NULL,
  municipality_id bigint,
  path bigint[] NOT NULL,
  created_change_set_no bigint NOT NULL,
  CONSTRAINT org_unit_pkey PRIMARY KEY (org_unit_id),
  CONSTRAINT org_unit_kind_check CHECK (kind IN ('region', 'municipality', 'city_district', 'organisation', 'branch', 'building'))
);
COMMENT ON TABLE org_unit IS 'A unit of the registry by its own stable number. Path, region and municipality repeat today''s structure: rights follow it.';
COMMENT ON COLUMN org_unit.org_unit_id IS 'Own number, never reused.';
COMMENT ON COLUMN org_unit.kind IS 'Level of the unit.';
COMMENT ON COLUMN org_unit.region_id IS 'Region of today''s structure; its own id for a region.';
COMMENT ON COLUMN org_unit.municipality_id IS 'Municipality of today''s structure; null for a region.';
COMMENT ON COLUMN org_unit.path IS 'Ids from the region down to the unit itself, today''s structure.';
COMMENT ON COLUMN org_unit.created_change_set_no IS 'Change set that made the unit.';
CREATE INDEX org_unit_municipality_id_idx ON org_unit (municipality_id, kind);
GRANT SELECT, INSERT, UPDATE ON org_unit TO edumon_app;
GRANT USAGE, SELECT ON SEQUENCE org_unit_org_unit_id_seq TO edumon_app;

CREATE TABLE org_unit_version (
  org_unit_id bigint NOT NULL,
  valid_from date NOT NULL,
  change_set_no bigint NOT NULL,
  source_kind text NOT NULL,
  source_id text NOT NULL,
  source_place text,
  parent_id bigint,
  region_id bigint NOT NULL,
  municipality_id bigint,
  path bigint[] NOT NULL,
  full_name text NOT NULL,
  short_name text NOT NULL,
  org_kind text,
  founder_kind text,
  inn text,
  ogrn text,
  kpp text,
  oktmo text,
  settlement_kind text,
  settlement_name text,
  address text,
  latitude double precision,
  longitude double precision,
  cadastral_number text,
  is_closed boolean NOT NULL,
  CONSTRAINT org_unit_version_pkey PRIMARY KEY (org_unit_id, valid_from, change_set_no),
  CONSTRAINT org_unit_version_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT org_unit_version_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT org_unit_version_source_kind_check CHECK (source_kind IN ('reference', 'import', 'person')),
  CONSTRAINT org_unit_version_org_kind_check CHECK (org_kind IN ('school', 'college', 'additional', 'preschool', 'centre')),
  CONSTRAINT org_unit_version_founder_kind_check CHECK (founder_kind IN ('municipal', 'regional', 'federal', 'private')),
  CONSTRAINT org_unit_version_settlement_kind_check CHECK (settlement_kind IN ('city', 'urban_settlement', 'village'))
);
COMMENT ON TABLE org_unit_version IS 'What is known of a unit from a day on. There is no end: it is the next version''s first day. Bitemporal: for one day the row of the highest change set counts.';
COMMENT ON COLUMN org_unit_version.org_unit_id IS 'The unit.';
COMMENT ON COLUMN org_unit_version.valid_from IS 'First day of this version in the region''s calendar.';
COMMENT ON COLUMN org_unit_version.change_set_no IS 'Change set that made it known.';
COMMENT ON COLUMN org_unit_version.source_kind IS 'What it came from.';
COMMENT ON COLUMN org_unit_version.source_id IS 'Import number, reference file, or number of the change set of a person''s edit.';
COMMENT ON COLUMN org_unit_version.source_place IS 'Sheet and row in the source, as Excel counts.';
COMMENT ON COLUMN org_unit_version.parent_id IS 'Unit above, from that day; null for a region.';
COMMENT ON COLUMN org_unit_version.region_id IS 'Region, from that day.';
COMMENT ON COLUMN org_unit_version.municipality_id IS 'Municipality, from that day; null for a region.';
COMMENT ON COLUMN org_unit_version.path IS 'Ids from the region down to the unit itself, from that day.';
COMMENT ON COLUMN org_unit_version.full_name IS 'Full name.';
COMMENT ON COLUMN org_unit_version.short_name IS 'Short name as people use it.';
COMMENT ON COLUMN org_unit_version.org_kind IS 'Kind of organisation; null for territories and when unknown.';
COMMENT ON COLUMN org_unit_version.founder_kind IS 'Founder, which decides who answers for the unit; null when unknown.';
COMMENT ON COLUMN org_unit_version.inn IS 'ИНН, 10 digits with a right check digit; null when unknown.';
COMMENT ON COLUMN org_unit_version.ogrn IS 'ОГРН, 13 digits with a right check digit; null when unknown.';
COMMENT ON COLUMN org_unit_version.kpp IS 'КПП; a branch has its own.';
COMMENT ON COLUMN org_unit_version.oktmo IS 'ОКТМО, 8 or 11 digits.';
COMMENT ON COLUMN org_unit_version.settlement_kind IS 'Kind of the settlement of the building: the Internet norm depends on it.';
COMMENT ON COLUMN org_unit_version.settlement_name IS 'Name of the settlement.';
COMMENT ON COLUMN org_unit_version.address IS 'Address as given.';
COMMENT ON COLUMN org_unit_version.latitude IS 'Degrees north, WGS 84.';
COMMENT ON COLUMN org_unit_version.longitude IS 'Degrees east, WGS 84.';
COMMENT ON COLUMN org_unit_version.cadastral_number IS 'Cadastral numbers of a building, separated by commas; null when unknown and for units that are no building.';
COMMENT ON COLUMN org_unit_version.is_closed IS 'The unit has ended on the first day of this version.';
CREATE INDEX org_unit_version_inn_idx ON org_unit_version (inn);
GRANT SELECT, INSERT ON org_unit_version TO edumon_app;

CREATE TABLE org_unit_succession (
  predecessor_id bigint NOT NULL,
  successor_id bigint NOT NULL,
  effective_on date NOT NULL,
  change_set_no bigint NOT NULL,
  kind text NOT NULL,
  document text,
  source_kind text NOT NULL,
  source_id text NOT NULL,
  CONSTRAINT org_unit_succession_pkey PRIMARY KEY (predecessor_id, successor_id, effective_on, change_set_no),
  CONSTRAINT org_unit_succession_predecessor_id_fkey FOREIGN KEY (predecessor_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT org_unit_succession_successor_id_fkey FOREIGN KEY (successor_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT org_unit_succession_kind_check CHECK (kind IN ('merge', 'split', 'rename', 'move'))
);
COMMENT ON TABLE org_unit_succession IS 'Which unit went on as which: a merger or split never breaks a series.';
COMMENT ON COLUMN org_unit_succession.predecessor_id IS 'Unit before.';
COMMENT ON COLUMN org_unit_succession.successor_id IS 'Unit after.';
COMMENT ON COLUMN org_unit_succession.effective_on IS 'First day of the successor.';
COMMENT ON COLUMN org_unit_succession.change_set_no IS 'Change set that made it known.';
COMMENT ON COLUMN org_unit_succession.kind IS 'How it went on.';
COMMENT ON COLUMN org_unit_succession.document IS 'Act that ordered it; null when not given.';
COMMENT ON COLUMN org_unit_succession.source_kind IS 'What it came from.';
COMMENT ON COLUMN org_unit_succession.source_id IS 'Import number, reference file, or number of the change set of a person''s edit.';
GRANT SELECT, INSERT ON org_unit_succession TO edumon_app;

CREATE TABLE org_unit_status (
  org_unit_id bigint NOT NULL,
  valid_from date NOT NULL,
  change_set_no bigint NOT NULL,
  status text NOT NULL,
  valid_to date,
  order_number text,
  source_kind text NOT NULL,
  source_id text NOT NULL,
  CONSTRAINT org_unit_status_pkey PRIMARY KEY (org_unit_id, valid_from, change_set_no),
  CONSTRAINT org_unit_status_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT org_unit_status_status_check CHECK (status IN ('works', 'capital_repair', 'suspended', 'quarantine', 'holidays', 'distance_mode', 'closed'))
);
COMMENT ON TABLE org_unit_status IS 'Dated state of a unit; it excludes from indicators with a reason. For one day the row of the highest change set counts.';
COMMENT ON COLUMN org_unit_status.org_unit_id IS 'The unit; the status holds for the units below it too.';
COMMENT ON COLUMN org_unit_status.valid_from IS 'First day.';
COMMENT ON COLUMN org_unit_status.change_set_no IS 'Change set that made it known.';
COMMENT ON COLUMN org_unit_status.status IS 'The state.';
COMMENT ON COLUMN org_unit_status.valid_to IS 'Last day; null while it lasts.';
COMMENT ON COLUMN org_unit_status.order_number IS 'Number of the order it rests on.';
COMMENT ON COLUMN org_unit_status.source_kind IS 'What it came from.';
COMMENT ON COLUMN org_unit_status.source_id IS 'Import number, reference file, or number of the change set of a person''s edit.';
GRANT SELECT, INSERT ON org_unit_status TO edumon_app;

CREATE TABLE source_void (
  source_kind text NOT NULL,
  source_id text NOT NULL,
  change_set_no bigint NOT NULL,
  reason text NOT NULL,
  CONSTRAINT source_void_pkey PRIMARY KEY (source_kind, source_id)
);
COMMENT ON TABLE source_void IS 'Undo of a source: its facts stay, and current-value queries leave them out.';
COMMENT ON COLUMN source_void.source_kind IS 'What sort of source.';
COMMENT ON COLUMN source_void.source_id IS 'The source, as the facts name it.';
COMMENT ON COLUMN source_void.change_set_no IS 'Change set of the undo.';
COMMENT ON COLUMN source_void.reason IS 'Why, in a person''s words.';
GRANT SELECT, INSERT ON source_void TO edumon_app;
