-- A recheck is refused within a minute of the one before: the ledger is asked for that by an index of rechecks alone.

CREATE INDEX audit_event_recheck_idx ON audit_event (subject, occurred_at) WHERE action = 'recheck';
