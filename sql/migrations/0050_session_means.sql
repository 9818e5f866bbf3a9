-- Rights that follow the claims of an identity provider count in sessions that it vouched for alone, and whoever signs in
-- there has no password here: it would go on working after the provider has let the person go.

ALTER TABLE user_session ADD COLUMN means text NOT NULL DEFAULT 'password';
COMMENT ON COLUMN user_session.means IS 'How the identity was proved at sign-in.';
UPDATE user_session s SET means = 'openid_connect'
  FROM app_user u WHERE u.user_id = s.user_id AND u.external_subject IS NOT NULL AND u.password_hash IS NULL;
ALTER TABLE user_session ALTER COLUMN means DROP DEFAULT;
ALTER TABLE user_session ADD CONSTRAINT user_session_means_check CHECK (means IN ('password', 'openid_connect', 'link'));

UPDATE user_session s SET ended_at = now()
  FROM app_user u WHERE u.user_id = s.user_id AND u.external_subject IS NOT NULL AND s.means = 'password' AND s.ended_at IS NULL;
UPDATE one_time_link l SET used_at = now()
  FROM app_user u WHERE u.user_id = l.user_id AND u.external_subject IS NOT NULL AND l.used_at IS NULL;
UPDATE app_user SET password_hash = NULL WHERE external_subject IS NOT NULL;
ALTER TABLE app_user ADD CONSTRAINT app_user_external_password_check CHECK (external_subject IS NULL OR password_hash IS NULL);
COMMENT ON COLUMN app_user.password_hash IS 'Argon2id hash with its parameters; null: the person has not set a password, or signs in through an identity provider.';
