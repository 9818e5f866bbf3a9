-- Leave for one speed test each, and what the measurement server saw of it: the second side of every test.

CREATE TABLE measurement_ticket (
  ticket_id uuid NOT NULL,
  org_unit_id bigint NOT NULL,
  method text NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  client_network text NOT NULL,
  issued_to text NOT NULL,
  CONSTRAINT measurement_ticket_pkey PRIMARY KEY (ticket_id),
  CONSTRAINT measurement_ticket_method_check CHECK (method IN ('agent', 'browser'))
);
COMMENT ON TABLE measurement_ticket IS 'Leave for one speed test. Kept while its test may still be handed in.';
COMMENT ON COLUMN measurement_ticket.ticket_id IS 'Own id, which the measurement server reports under.';
COMMENT ON COLUMN measurement_ticket.org_unit_id IS 'Building that is tested, by value; the organisation where it has no buildings of its own.';
COMMENT ON COLUMN measurement_ticket.method IS 'Who tests: the program on a school''s computer, or a page in a browser.';
COMMENT ON COLUMN measurement_ticket.issued_at IS 'When it was given.';
COMMENT ON COLUMN measurement_ticket.expires_at IS 'The test has to begin before.';
COMMENT ON COLUMN measurement_ticket.client_network IS 'Network of the public address that asked: tests behind one address are counted together.';
COMMENT ON COLUMN measurement_ticket.issued_to IS 'Who asked, without anybody''s name: token or school code.';
CREATE INDEX measurement_ticket_org_unit_id_idx ON measurement_ticket (org_unit_id, issued_at);
CREATE INDEX measurement_ticket_client_network_idx ON measurement_ticket (client_network, issued_at);
CREATE INDEX measurement_ticket_issued_at_idx ON measurement_ticket (issued_at);
GRANT SELECT, INSERT, DELETE ON measurement_ticket TO edumon_app;

CREATE TABLE measurement_record (
  ticket_id uuid NOT NULL,
  started_at timestamptz NOT NULL,
  download_end text,
  download_bytes bigint,
  download_ms integer,
  upload_end text,
  upload_bytes bigint,
  upload_ms integer,
  client_address text NOT NULL,
  received_at timestamptz NOT NULL,
  CONSTRAINT measurement_record_pkey PRIMARY KEY (ticket_id),
  CONSTRAINT measurement_record_download_check CHECK ((download_end IS NULL) = (download_bytes IS NULL) AND (download_end IS NULL) = (download_ms IS NULL)),
  CONSTRAINT measurement_record_upload_check CHECK ((upload_end IS NULL) = (upload_bytes IS NULL) AND (upload_end IS NULL) = (upload_ms IS NULL)),
  CONSTRAINT measurement_record_ends_check CHECK (download_end IN ('complete', 'closed_early', 'cut_off', 'broken') AND upload_end IN ('complete', 'closed_early', 'cut_off', 'broken'))
);
COMMENT ON TABLE measurement_record IS 'What the measurement server saw of the test that a ticket was given for. Its figures go into the fact when the test is handed in.';
COMMENT ON COLUMN measurement_record.ticket_id IS 'The ticket, by value.';
COMMENT ON COLUMN measurement_record.started_at IS 'When the first direction began, by the measurement server''s clock.';
COMMENT ON COLUMN measurement_record.download_end IS 'How the download ended; null: it never began.';
COMMENT ON COLUMN measurement_record.download_bytes IS 'Bytes that left the server.';
COMMENT ON COLUMN measurement_record.download_ms IS 'Its duration, milliseconds.';
COMMENT ON COLUMN measurement_record.upload_end IS 'How the upload ended; null: it never began.';
COMMENT ON COLUMN measurement_record.upload_bytes IS 'Bytes that reached the server.';
COMMENT ON COLUMN measurement_record.upload_ms IS 'Its duration, milliseconds.';
COMMENT ON COLUMN measurement_record.client_address IS 'Address that the test came from.';
COMMENT ON COLUMN measurement_record.received_at IS 'When the record arrived.';
GRANT SELECT, INSERT, DELETE ON measurement_record TO edumon_app;
