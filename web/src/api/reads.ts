import { client, readAnswer } from './client.ts'
import type { paths } from './schema.gen.ts'
import type { RuleMatrix } from './schemas.ts'

/** One function a read: what it needs, and the signal that ends it when nobody waits any more. */
type Signal = AbortSignal
type QueryOf<P extends keyof paths> = paths[P] extends { get: { parameters: { query?: infer Q } } }
  ? Exclude<Q, undefined>
  : never

/** "As known on", as the API takes it; absent: known now. */
export interface Moment {
  known_at?: string
}
/** A territory as known on a moment; absent: the whole region. */
export interface Place extends Moment {
  territory_id?: number
}
/** A place in a period; absent: the running one. */
export interface Standpoint extends Place {
  period?: string
}

export type OrgUnitQuery = QueryOf<'/api/v1/org-units'>
type LineageQuery = QueryOf<'/api/v1/indicators/{code}/lineage'>

export const readOrgUnits = (query: OrgUnitQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/org-units', { params: { query }, signal }))

export const readTerritories = (signal: Signal) => readAnswer(client.GET('/api/v1/territories', { signal }))

export const readOrgUnit = (id: number, query: Moment, signal: Signal) =>
  readAnswer(client.GET('/api/v1/org-units/{id}', { params: { path: { id }, query }, signal }))

export const readOrgUnitSites = (id: number, query: Moment & { timeline_days: number }, signal: Signal) =>
  readAnswer(client.GET('/api/v1/org-units/{id}/sites', { params: { path: { id }, query }, signal }))

export const readSiteStates = (query: Place, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/states', { params: { query }, signal }))

export const readIncidents = (query: Place, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/incidents', { params: { query }, signal }))

export const readIncident = (incident_id: number, query: Moment, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/incidents/{incident_id}', { params: { path: { incident_id }, query }, signal }))

/** The matrix with a judgement in each cell: the answer sends numbers, because there are tens of thousands of cells. */
export const readRuleMatrix = async (query: Place, signal: Signal): Promise<RuleMatrix> => {
  const { cell_kinds, rows, ...head } = await readAnswer(
    client.GET('/api/v1/sites/rule-matrix', { params: { query }, signal }),
  )
  const cellOf = (number: number | null) => (number === null ? null : (cell_kinds[number] ?? null))
  return { ...head, rows: rows.map((row) => ({ ...row, cells: row.cells.map(cellOf) })) }
}

export const readCertificates = (query: Place, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/certificates', { params: { query }, signal }))

export const readPortals = (query: Moment, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/portals', { params: { query }, signal }))

export const readCollectors = (signal: Signal) => readAnswer(client.GET('/api/v1/collectors', { signal }))

export const readDictionaries = (signal: Signal) => readAnswer(client.GET('/api/v1/dictionaries', { signal }))

export const readIndicators = (signal: Signal) => readAnswer(client.GET('/api/v1/indicators', { signal }))

export const readSitesOverview = (query: Standpoint, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/overview', { params: { query }, signal }))

export const readIndicatorValues = (code: string, query: Standpoint, signal: Signal) =>
  readAnswer(client.GET('/api/v1/indicators/{code}/values', { params: { path: { code }, query }, signal }))

export const readLineage = (code: string, query: LineageQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/indicators/{code}/lineage', { params: { path: { code }, query }, signal }))

export const readFacts = (code: string, query: Standpoint & { org_unit_id: number }, signal: Signal) =>
  readAnswer(client.GET('/api/v1/indicators/{code}/facts', { params: { path: { code }, query }, signal }))

export const readEvidence = (org_unit_id: number, evidence_id: string, signal: Signal) =>
  readAnswer(
    client.GET('/api/v1/evidence/{org_unit_id}/{evidence_id}', {
      params: { path: { org_unit_id, evidence_id } },
      signal,
    }),
  )

export const readTasks = (signal: Signal) => readAnswer(client.GET('/api/v1/tasks', { signal }))

export const readObjections = (query: QueryOf<'/api/v1/objections'>, signal: Signal) =>
  readAnswer(client.GET('/api/v1/objections', { params: { query }, signal }))

export const readObjection = (id: number, objection_id: string, query: Moment, signal: Signal) =>
  readAnswer(
    client.GET('/api/v1/org-units/{id}/objections/{objection_id}', {
      params: { path: { id, objection_id }, query },
      signal,
    }),
  )

export const readRecheckProgress = (org_unit_id: number, target_id: string, signal: Signal) =>
  readAnswer(
    client.GET('/api/v1/targets/{org_unit_id}/{target_id}/recheck', {
      params: { path: { org_unit_id, target_id } },
      signal,
    }),
  )
