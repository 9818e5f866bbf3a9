-- Contracts for the Internet connection of buildings, as somebody entered them: dated records.

CREATE TABLE connection_contract (
  org_unit_id bigint NOT NULL,
  valid_from date NOT NULL,
  contract_key text NOT NULL,
  change_set_no bigint NOT NULL,
  valid_to date,
  provider text,
  technology text NOT NULL,
  download_kbps integer,
  upload_kbps integer,
  speed_terms text,
  has_guaranteed_traffic boolean,
  monthly_price_kopecks bigint,
  contract_number text,
  document text,
  source_kind text NOT NULL,
  source_id text NOT NULL,
  source_place text,
  CONSTRAINT connection_contract_pkey PRIMARY KEY (org_unit_id, valid_from, contract_key, change_set_no),
  CONSTRAINT connection_contract_org_unit_id_fkey FOREIGN KEY (org_unit_id) REFERENCES org_unit (org_unit_id),
  CONSTRAINT connection_contract_technology_check CHECK (technology IN ('fibre', 'xdsl', 'radio', 'cellular', 'satellite', 'none')),
  CONSTRAINT connection_contract_speed_terms_check CHECK (speed_terms IN ('guaranteed', 'up_to')),
  CONSTRAINT connection_contract_days_check CHECK (valid_to >= valid_from),
  CONSTRAINT connection_contract_speed_check CHECK ((technology = 'none') = (download_kbps IS NULL) AND download_kbps > 0 AND upload_kbps > 0)
);
COMMENT ON TABLE connection_contract IS 'What was agreed for the connection of a building from a day on, or that it has none. Append-only: the same building, first day and number is a new version, of which the highest change set counts.';
COMMENT ON COLUMN connection_contract.org_unit_id IS 'Building; the organisation where it has no buildings of its own.';
COMMENT ON COLUMN connection_contract.valid_from IS 'First day.';
COMMENT ON COLUMN connection_contract.contract_key IS 'Number as contracts are told apart by: capitals, without spaces; empty without a number.';
COMMENT ON COLUMN connection_contract.change_set_no IS 'Change set that made it known.';
COMMENT ON COLUMN connection_contract.valid_to IS 'Last day; null: none was agreed.';
COMMENT ON COLUMN connection_contract.provider IS 'Operator; null when not given.';
COMMENT ON COLUMN connection_contract.technology IS 'Kind of line; none: the building has no connection.';
COMMENT ON COLUMN connection_contract.download_kbps IS 'Agreed speed towards the building, 1,000 bits a second; null exactly without a connection.';
COMMENT ON COLUMN connection_contract.upload_kbps IS 'Agreed speed from the building, 1,000 bits a second; null when not agreed.';
COMMENT ON COLUMN connection_contract.speed_terms IS 'Whether the speed is guaranteed or "up to"; null when not given.';
COMMENT ON COLUMN connection_contract.has_guaranteed_traffic IS 'Whether traffic is unlimited; null when not given.';
COMMENT ON COLUMN connection_contract.monthly_price_kopecks IS 'Price of a month, kopecks; null when not given.';
COMMENT ON COLUMN connection_contract.contract_number IS 'Number as written; null when not given.';
COMMENT ON COLUMN connection_contract.document IS 'What it rests on; null when not given.';
COMMENT ON COLUMN connection_contract.source_kind IS 'What it came from.';
COMMENT ON COLUMN connection_contract.source_id IS 'Import number.';
COMMENT ON COLUMN connection_contract.source_place IS 'Sheet and row in the source, as Excel counts.';
CREATE INDEX connection_contract_change_set_no_idx ON connection_contract (change_set_no);
GRANT SELECT, INSERT ON connection_contract TO edumon_app;
