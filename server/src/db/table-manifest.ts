/**
 * How each table is kept when one region's database grows into a country's: distributed by org unit,
 * copied everywhere as reference, or local to the coordinator. A test reads the catalogue and fails when a table
 * is missing here or breaks the rules of its kind.
 */
export type TableKind = 'distributed' | 'reference' | 'local'

export const TABLE_MANIFEST: Readonly<Record<string, TableKind>> = {
  // Facts, rollups and newest states, colocated by org_unit_id
  target: 'distributed',
  target_retirement: 'distributed',
  site_check: 'distributed',
  site_audit: 'distributed',
  site_subsection: 'distributed',
  site_evidence: 'distributed',
  human_check: 'distributed',
  site_state: 'distributed',
  site_verdict: 'distributed',
  site_hour: 'distributed',
  site_school_day: 'distributed',
  site_school_day_run: 'local',
  incident_member: 'distributed',
  objection: 'distributed',
  objection_decision: 'distributed',
  // The registry
  org_unit: 'reference',
  org_unit_version: 'reference',
  org_unit_succession: 'reference',
  org_unit_status: 'reference',
  source_void: 'reference',
  // The coordinator's own
  schema_migration: 'local',
  change_set: 'local',
  setting: 'local',
  blob: 'local',
  blob_chunk: 'local',
  import: 'local',
  import_chunk: 'local',
  import_row: 'local',
  identity_decision: 'local',
  due_work: 'local',
  lease: 'local',
  receipt: 'local',
  incident: 'local',
  incident_event: 'local',
  collector_report: 'local',
  audit_event: 'local',
  app_user: 'local',
  user_grant: 'local',
  user_session: 'local',
  one_time_link: 'local',
  recovery_code: 'local',
  known_device: 'local',
  sign_in_failure: 'local',
  api_token: 'local',
}
