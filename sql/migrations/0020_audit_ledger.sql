-- The audit says who, from where, about which unit and what it was before and after; numbers are given out so that
-- a sealer can know when no smaller one will come any more.

ALTER TABLE audit_event ADD COLUMN user_id bigint;
ALTER TABLE audit_event ADD COLUMN remote_address text;
ALTER TABLE audit_event ADD COLUMN org_unit_id bigint;
ALTER TABLE audit_event ADD COLUMN category text NOT NULL DEFAULT 'data';
ALTER TABLE audit_event ADD COLUMN before jsonb;
ALTER TABLE audit_event ADD COLUMN after jsonb;
COMMENT ON COLUMN audit_event.user_id IS 'Account of the person, by value; null: a program or the system.';
COMMENT ON COLUMN audit_event.remote_address IS 'Address that the request came from; null: the system itself.';
COMMENT ON COLUMN audit_event.org_unit_id IS 'Unit concerned, by value: who may see the unit may see the event; null: no single unit.';
COMMENT ON COLUMN audit_event.category IS 'What sort of command it was.';
COMMENT ON COLUMN audit_event.before IS 'What was there before; null when nothing was.';
COMMENT ON COLUMN audit_event.after IS 'What is there now; null when nothing is.';

UPDATE audit_event SET category = 'operation' WHERE action = 'retention.delete';
ALTER TABLE audit_event ALTER COLUMN category DROP DEFAULT;
ALTER TABLE audit_event ADD CONSTRAINT audit_event_category_check
  CHECK (category IN ('data', 'grant', 'setting', 'export', 'sign_in', 'disclosure', 'operation'));

CREATE OR REPLACE FUNCTION next_audit_event_id() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(20200614);
  RETURN nextval('audit_event_audit_event_id_seq');
END
$$;
COMMENT ON FUNCTION next_audit_event_id() IS 'Number of the next event, under a shared lock that is held to the end of the transaction: whoever holds it exclusively knows that no number given out so far is still uncommitted.';

ALTER TABLE audit_event ALTER COLUMN audit_event_id SET DEFAULT next_audit_event_id();

CREATE INDEX audit_event_occurred_at_idx ON audit_event (occurred_at);

CREATE INDEX audit_event_org_unit_id_idx ON audit_event (org_unit_id);
