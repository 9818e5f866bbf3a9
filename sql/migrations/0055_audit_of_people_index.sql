-- The audit's page leaves out what collectors hand in, which is nearly all of it: without this, each page of the list
-- would read through the batches between two commands of people.
CREATE INDEX audit_event_people_idx ON audit_event (audit_event_id DESC) WHERE action <> 'take_in_batch';
CREATE INDEX audit_event_action_idx ON audit_event (action, audit_event_id DESC);
