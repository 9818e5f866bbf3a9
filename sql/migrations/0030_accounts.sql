-- People: accounts, what each may do and where, sessions, one-time links, failed sign-ins.

CREATE TABLE app_user (
  user_id bigserial NOT NULL,
  login text NOT NULL,
  display_name text NOT NULL,
  position text,
  password_hash text,
  totp_secret text,
  totp_confirmed_at timestamptz,
  totp_last_step bigint,
  external_issuer text,
  external_subject text,
  is_disabled boolean NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CONSTRAINT app_user_pkey PRIMARY KEY (user_id),
  CONSTRAINT app_user_login_key UNIQUE (login),
  CONSTRAINT app_user_external_key UNIQUE (external_issuer, external_subject),
  CONSTRAINT app_user_login_check CHECK (login = lower(login))
);
COMMENT ON TABLE app_user IS 'A person with an account. Accounts are disabled, never deleted: what was done stays attributed.';
COMMENT ON COLUMN app_user.user_id IS 'Own number.';
COMMENT ON COLUMN app_user.login IS 'Name to sign in with, lower case.';
COMMENT ON COLUMN app_user.display_name IS 'Name as others see it.';
COMMENT ON COLUMN app_user.position IS 'Post and organisation, for people; null when not given.';
COMMENT ON COLUMN app_user.password_hash IS 'Argon2id hash with its parameters; null: the person has not set a password.';
COMMENT ON COLUMN app_user.totp_secret IS 'Secret of the second factor, base32; null: none.';
COMMENT ON COLUMN app_user.totp_confirmed_at IS 'When the person proved to have the second factor; null: not yet, it is not asked for.';
COMMENT ON COLUMN app_user.totp_last_step IS 'Time step of the last code that was taken: no code is taken twice.';
COMMENT ON COLUMN app_user.external_issuer IS 'Issuer of the identity that signs in through OpenID Connect; null: none.';
COMMENT ON COLUMN app_user.external_subject IS 'Subject of that identity.';
COMMENT ON COLUMN app_user.is_disabled IS 'The account may not sign in.';
COMMENT ON COLUMN app_user.created_at IS 'When it was made.';
COMMENT ON COLUMN app_user.created_by IS 'Who made it.';
GRANT SELECT, INSERT, UPDATE ON app_user TO edumon_app;
GRANT USAGE, SELECT ON SEQUENCE app_user_user_id_seq TO edumon_app;

CREATE TABLE user_grant (
  grant_id bigserial NOT NULL,
  user_id bigint NOT NULL,
  role text NOT NULL,
  org_unit_id bigint NOT NULL,
  founder_kinds text[],
  valid_from date NOT NULL,
  valid_to date,
  stand_in_for_user_id bigint,
  origin text NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  granted_by text NOT NULL,
  revoked_at timestamptz,
  revoked_by text,
  CONSTRAINT user_grant_pkey PRIMARY KEY (grant_id),
  CONSTRAINT user_grant_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user (user_id),
  CONSTRAINT user_grant_stand_in_for_user_id_fkey FOREIGN KEY (stand_in_for_user_id) REFERENCES app_user (user_id),
  CONSTRAINT user_grant_role_check CHECK (role IN ('administrator', 'ministry_analyst', 'municipal_head', 'municipal_specialist', 'institute_staff', 'school_operator', 'auditor')),
  CONSTRAINT user_grant_origin_check CHECK (origin IN ('person', 'claims')),
  CONSTRAINT user_grant_valid_to_check CHECK (valid_to IS NULL OR valid_to >= valid_from),
  CONSTRAINT user_grant_revoked_check CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
COMMENT ON TABLE user_grant IS 'What a person may do, where, and when: role × subtree of units × founders. Ended, never deleted.';
COMMENT ON COLUMN user_grant.grant_id IS 'Own number.';
COMMENT ON COLUMN user_grant.user_id IS 'The person.';
COMMENT ON COLUMN user_grant.role IS 'Role, which decides what may be done.';
COMMENT ON COLUMN user_grant.org_unit_id IS 'Unit whose subtree of today''s structure it covers, by value.';
COMMENT ON COLUMN user_grant.founder_kinds IS 'Founders of the organisations that it covers; null: all.';
COMMENT ON COLUMN user_grant.valid_from IS 'First day.';
COMMENT ON COLUMN user_grant.valid_to IS 'Last day; null: no end.';
COMMENT ON COLUMN user_grant.stand_in_for_user_id IS 'Whom the person stands in for; null: an own grant.';
COMMENT ON COLUMN user_grant.origin IS 'Given by a person, or by the claims of an identity provider.';
COMMENT ON COLUMN user_grant.granted_at IS 'When it was given.';
COMMENT ON COLUMN user_grant.granted_by IS 'Who gave it.';
COMMENT ON COLUMN user_grant.revoked_at IS 'When it was taken back before its end; null: it was not.';
COMMENT ON COLUMN user_grant.revoked_by IS 'Who took it back.';
CREATE INDEX user_grant_user_id_idx ON user_grant (user_id);
GRANT SELECT, INSERT, UPDATE ON user_grant TO edumon_app;
GRANT USAGE, SELECT ON SEQUENCE user_grant_grant_id_seq TO edumon_app;

CREATE TABLE user_session (
  session_id uuid NOT NULL,
  secret_sha256 text NOT NULL,
  user_id bigint NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  second_factor_at timestamptz,
  ended_at timestamptz,
  remote_address text NOT NULL,
  user_agent text NOT NULL,
  CONSTRAINT user_session_pkey PRIMARY KEY (session_id),
  CONSTRAINT user_session_secret_sha256_key UNIQUE (secret_sha256),
  CONSTRAINT user_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user (user_id)
);
COMMENT ON TABLE user_session IS 'One signed-in browser. The cookie''s secret is not here, only its hash.';
COMMENT ON COLUMN user_session.session_id IS 'Own id, for lists and ending.';
COMMENT ON COLUMN user_session.secret_sha256 IS 'Hash of the cookie''s secret.';
COMMENT ON COLUMN user_session.user_id IS 'The person.';
COMMENT ON COLUMN user_session.started_at IS 'When the person signed in.';
COMMENT ON COLUMN user_session.last_seen_at IS 'Newest request, to the minute.';
COMMENT ON COLUMN user_session.expires_at IS 'The absolute end.';
COMMENT ON COLUMN user_session.second_factor_at IS 'When the second factor was shown; null: not, or none is needed.';
COMMENT ON COLUMN user_session.ended_at IS 'When it was ended before its time; null: it was not.';
COMMENT ON COLUMN user_session.remote_address IS 'Address at sign-in.';
COMMENT ON COLUMN user_session.user_agent IS 'Browser at sign-in, as it names itself.';
CREATE INDEX user_session_user_id_idx ON user_session (user_id);
CREATE INDEX user_session_expires_at_idx ON user_session (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_session TO edumon_app;

CREATE TABLE one_time_link (
  link_sha256 text NOT NULL,
  user_id bigint NOT NULL,
  purpose text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT one_time_link_pkey PRIMARY KEY (link_sha256),
  CONSTRAINT one_time_link_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user (user_id),
  CONSTRAINT one_time_link_purpose_check CHECK (purpose IN ('first_administrator', 'invitation', 'password_reset'))
);
COMMENT ON TABLE one_time_link IS 'A link that lets a person set a password once: invitation, first administrator, lost password.';
COMMENT ON COLUMN one_time_link.link_sha256 IS 'Hash of the link''s secret.';
COMMENT ON COLUMN one_time_link.user_id IS 'Whose password it sets.';
COMMENT ON COLUMN one_time_link.purpose IS 'What it is for.';
COMMENT ON COLUMN one_time_link.created_at IS 'When it was made.';
COMMENT ON COLUMN one_time_link.created_by IS 'Who made it.';
COMMENT ON COLUMN one_time_link.expires_at IS 'Until when it works.';
COMMENT ON COLUMN one_time_link.used_at IS 'When it was used or replaced by a newer one; null: it still works.';
CREATE INDEX one_time_link_user_id_idx ON one_time_link (user_id);
GRANT SELECT, INSERT, UPDATE ON one_time_link TO edumon_app;

CREATE TABLE recovery_code (
  user_id bigint NOT NULL,
  code_sha256 text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  used_at timestamptz,
  CONSTRAINT recovery_code_pkey PRIMARY KEY (user_id, code_sha256),
  CONSTRAINT recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user (user_id)
);
COMMENT ON TABLE recovery_code IS 'Codes that stand in once each for a lost second factor.';
COMMENT ON COLUMN recovery_code.user_id IS 'Whose.';
COMMENT ON COLUMN recovery_code.code_sha256 IS 'Hash of the code.';
COMMENT ON COLUMN recovery_code.created_at IS 'When it was made.';
COMMENT ON COLUMN recovery_code.used_at IS 'When it was used; null: it still works.';
GRANT SELECT, INSERT, UPDATE, DELETE ON recovery_code TO edumon_app;

CREATE TABLE known_device (
  device_sha256 text NOT NULL,
  user_id bigint NOT NULL,
  seen_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT known_device_pkey PRIMARY KEY (device_sha256, user_id),
  CONSTRAINT known_device_user_id_fkey FOREIGN KEY (user_id) REFERENCES app_user (user_id)
);
COMMENT ON TABLE known_device IS 'A browser in which a person signed in before: guesses made elsewhere never lock it out.';
COMMENT ON COLUMN known_device.device_sha256 IS 'Hash of the device cookie''s secret.';
COMMENT ON COLUMN known_device.user_id IS 'Who signed in there.';
COMMENT ON COLUMN known_device.seen_at IS 'Newest sign-in.';
CREATE INDEX known_device_seen_at_idx ON known_device (seen_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON known_device TO edumon_app;

CREATE TABLE sign_in_failure (
  failure_id bigserial NOT NULL,
  failed_at timestamptz NOT NULL DEFAULT now(),
  counter text NOT NULL,
  CONSTRAINT sign_in_failure_pkey PRIMARY KEY (failure_id)
);
COMMENT ON TABLE sign_in_failure IS 'Failed attempts of late, which slow down the next ones. Old rows are deleted.';
COMMENT ON COLUMN sign_in_failure.failure_id IS 'Own number.';
COMMENT ON COLUMN sign_in_failure.failed_at IS 'When.';
COMMENT ON COLUMN sign_in_failure.counter IS 'What it counts against: an address, a login from unknown devices, a known device, or a second factor.';
CREATE INDEX sign_in_failure_counter_idx ON sign_in_failure (counter, failed_at);
CREATE INDEX sign_in_failure_failed_at_idx ON sign_in_failure (failed_at);
GRANT SELECT, INSERT, DELETE ON sign_in_failure TO edumon_app;
GRANT USAGE, SELECT ON SEQUENCE sign_in_failure_failure_id_seq TO edumon_app;
