-- The key that tickets of speed tests are signed with, codes by which schools test in a browser, and tokens of
-- measurement servers.

CREATE TABLE ticket_key (
  is_only boolean NOT NULL DEFAULT true,
  key_id text NOT NULL,
  private_key jsonb NOT NULL,
  public_key jsonb NOT NULL,
  made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT ticket_key_pkey PRIMARY KEY (is_only),
  CONSTRAINT ticket_key_is_only_check CHECK (is_only)
);
COMMENT ON TABLE ticket_key IS 'The key that tickets are signed with; made when the first one is given.';
COMMENT ON COLUMN ticket_key.is_only IS 'Always true: there is one key.';
COMMENT ON COLUMN ticket_key.key_id IS 'Name by which a ticket says what it was signed with.';
COMMENT ON COLUMN ticket_key.private_key IS 'JSON Web Key; a secret of the API.';
COMMENT ON COLUMN ticket_key.public_key IS 'JSON Web Key, by which measurement servers tell tickets.';
COMMENT ON COLUMN ticket_key.made_at IS 'When it was made.';
GRANT SELECT, INSERT ON ticket_key TO edumon_app;

CREATE TABLE school_code (
  org_unit_id bigint NOT NULL,
  code text NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  issued_by text NOT NULL,
  CONSTRAINT school_code_pkey PRIMARY KEY (org_unit_id),
  CONSTRAINT school_code_code_key UNIQUE (code),
  CONSTRAINT school_code_code_check CHECK (code ~ '^[a-z2-9]{8}$')
);
COMMENT ON TABLE school_code IS 'Code by which anybody at a school may test its Internet in a browser. It opens nothing else.';
COMMENT ON COLUMN school_code.org_unit_id IS 'Organisation whose buildings may be tested, by value.';
COMMENT ON COLUMN school_code.code IS 'Eight small letters and digits without those that are mistaken for one another.';
COMMENT ON COLUMN school_code.issued_at IS 'When it was issued; the code of before ended then.';
COMMENT ON COLUMN school_code.issued_by IS 'Who issued it.';
GRANT SELECT, INSERT, UPDATE ON school_code TO edumon_app;

ALTER TABLE api_token DROP CONSTRAINT api_token_kind_check;
ALTER TABLE api_token
  ADD CONSTRAINT api_token_kind_check CHECK (kind IN ('collector', 'school', 'upload', 'export', 'measurement'));
