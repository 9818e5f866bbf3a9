-- A decision about a row speaks for those who answer for the file it was made in, and for nobody else's files.

ALTER TABLE identity_decision ADD COLUMN jurisdiction jsonb;
COMMENT ON COLUMN identity_decision.jurisdiction IS 'Jurisdiction of the import that it was made in: it counts in imports of the same one alone; null: made in a file for the whole region, it counts everywhere.';
