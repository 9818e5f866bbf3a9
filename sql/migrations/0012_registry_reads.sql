-- Reads of one place and of one unit's parts find their versions without going through the whole registry.

CREATE INDEX org_unit_version_path_idx ON org_unit_version USING gin (path);

CREATE INDEX org_unit_version_parent_id_idx ON org_unit_version (parent_id);

CREATE INDEX org_unit_version_municipality_id_idx ON org_unit_version (municipality_id);
