-- Files live in the database, addressed by content, so that replicas and one backup hold everything.

CREATE TABLE blob (
  sha256 text NOT NULL,
  size_bytes bigint NOT NULL,
  media_type text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT blob_pkey PRIMARY KEY (sha256),
  CONSTRAINT blob_sha256_check CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
COMMENT ON TABLE blob IS 'One stored file or page copy, known by the hash of its bytes.';
COMMENT ON COLUMN blob.sha256 IS 'SHA-256 of the whole content, hexadecimal.';
COMMENT ON COLUMN blob.size_bytes IS 'Length of the content in bytes.';
COMMENT ON COLUMN blob.media_type IS 'Media type given at the first upload.';
COMMENT ON COLUMN blob.created_at IS 'When the content was first stored.';
GRANT SELECT, INSERT ON blob TO edumon_app;

CREATE TABLE blob_chunk (
  sha256 text NOT NULL,
  chunk_no integer NOT NULL,
  bytes bytea NOT NULL,
  CONSTRAINT blob_chunk_pkey PRIMARY KEY (sha256, chunk_no),
  CONSTRAINT blob_chunk_sha256_fkey FOREIGN KEY (sha256) REFERENCES blob (sha256)
);
COMMENT ON TABLE blob_chunk IS 'Content of a blob in chunks of 1 MiB at most, counted from 0.';
COMMENT ON COLUMN blob_chunk.sha256 IS 'The blob that the chunk belongs to.';
COMMENT ON COLUMN blob_chunk.chunk_no IS 'Place of the chunk, from 0.';
COMMENT ON COLUMN blob_chunk.bytes IS 'The bytes.';
GRANT SELECT, INSERT ON blob_chunk TO edumon_app;
