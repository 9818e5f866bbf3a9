-- What every later table leans on: numbered change sets and settings.

CREATE TABLE change_set (
  change_set_no bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  kind text NOT NULL,
  actor text NOT NULL,
  summary text NOT NULL,
  CONSTRAINT change_set_pkey PRIMARY KEY (change_set_no),
  CONSTRAINT change_set_recorded_at_key UNIQUE (recorded_at),
  CONSTRAINT change_set_kind_check CHECK (kind IN ('reference', 'batch', 'import', 'void', 'edit', 'incident'))
);
COMMENT ON TABLE change_set IS 'One accepted batch, import, void or edit. Numbers follow the order of commits: "as known on T" means all numbers up to the last one recorded by T.';
COMMENT ON COLUMN change_set.change_set_no IS 'Assigned under an advisory lock that is held until commit.';
COMMENT ON COLUMN change_set.recorded_at IS 'Strictly rising with the number.';
COMMENT ON COLUMN change_set.kind IS 'What sort of change it was.';
COMMENT ON COLUMN change_set.actor IS 'Who made it: a collector with its vantage, or a person.';
COMMENT ON COLUMN change_set.summary IS 'One line for people.';
GRANT SELECT, INSERT ON change_set TO edumon_app;

CREATE TABLE setting (
  name text NOT NULL,
  value jsonb NOT NULL,
  CONSTRAINT setting_pkey PRIMARY KEY (name)
);
COMMENT ON TABLE setting IS 'Settings that belong to the installation rather than to a process.';
COMMENT ON COLUMN setting.name IS 'Name in snake_case.';
COMMENT ON COLUMN setting.value IS 'Value; its shape belongs to the reader of the setting.';
GRANT SELECT, INSERT, UPDATE ON setting TO edumon_app;
