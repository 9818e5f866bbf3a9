-- Programs: tokens that stand for a collector, a school's agent, uploads, or a read-only export.

CREATE TABLE api_token (
  token_id bigserial NOT NULL,
  kind text NOT NULL,
  label text NOT NULL,
  prefix text NOT NULL,
  secret_sha256 text NOT NULL,
  collector text,
  vantage text,
  org_unit_id bigint,
  founder_kinds text[],
  valid_from date NOT NULL,
  valid_to date,
  replaces_token_id bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  last_used_at timestamptz,
  last_used_from text,
  revoked_at timestamptz,
  revoked_by text,
  CONSTRAINT api_token_pkey PRIMARY KEY (token_id),
  CONSTRAINT api_token_secret_sha256_key UNIQUE (secret_sha256),
  CONSTRAINT api_token_replaces_token_id_fkey FOREIGN KEY (replaces_token_id) REFERENCES api_token (token_id),
  CONSTRAINT api_token_kind_check CHECK (kind IN ('collector', 'school', 'upload', 'export')),
  CONSTRAINT api_token_scope_check CHECK ((kind = 'collector') = (collector IS NOT NULL AND vantage IS NOT NULL) AND (kind <> 'collector') = (org_unit_id IS NOT NULL)),
  CONSTRAINT api_token_revoked_check CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
COMMENT ON TABLE api_token IS 'A program''s right to speak to the API. Revoked, never deleted.';
COMMENT ON COLUMN api_token.token_id IS 'Own number.';
COMMENT ON COLUMN api_token.kind IS 'What the program is.';
COMMENT ON COLUMN api_token.label IS 'Name for people.';
COMMENT ON COLUMN api_token.prefix IS 'First characters of the token, which may be shown.';
COMMENT ON COLUMN api_token.secret_sha256 IS 'Hash of the whole token.';
COMMENT ON COLUMN api_token.collector IS 'Name of the one collector it speaks for; null: no collector.';
COMMENT ON COLUMN api_token.vantage IS 'Its vantage; null: no collector.';
COMMENT ON COLUMN api_token.org_unit_id IS 'The one unit that any other token is for, by value; null: a collector.';
COMMENT ON COLUMN api_token.founder_kinds IS 'Founders that it covers; null: all.';
COMMENT ON COLUMN api_token.valid_from IS 'First day.';
COMMENT ON COLUMN api_token.valid_to IS 'Last day; null: no end.';
COMMENT ON COLUMN api_token.replaces_token_id IS 'The token that it was rotated from; both work until the old one ends.';
COMMENT ON COLUMN api_token.created_at IS 'When it was made.';
COMMENT ON COLUMN api_token.created_by IS 'Who made it.';
COMMENT ON COLUMN api_token.last_used_at IS 'Newest use, to the minute; null: never.';
COMMENT ON COLUMN api_token.last_used_from IS 'Address of that use.';
COMMENT ON COLUMN api_token.revoked_at IS 'Since when it does not work any more; null: it was not revoked.';
COMMENT ON COLUMN api_token.revoked_by IS 'Who revoked it.';
CREATE INDEX api_token_org_unit_id_idx ON api_token (org_unit_id);
GRANT SELECT, INSERT, UPDATE ON api_token TO edumon_app;
GRANT USAGE, SELECT ON SEQUENCE api_token_token_id_seq TO edumon_app;
