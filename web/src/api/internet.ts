import { client, readAnswer } from './client.ts'
import type { Moment, Standpoint } from './reads.ts'
import type { components, paths } from './schema.gen.ts'

type Schemas = components['schemas']
export type ContractSeam = Schemas['ContractSeam']
export type OrganisationVerdicts = Schemas['OrganisationVerdicts']
export type BuildingVerdicts = Schemas['BuildingVerdicts']
export type ProviderVerdicts = Schemas['ProviderVerdicts']
export type SilentBuilding = Schemas['SilentBuilding']
export type SpeedDistribution = Schemas['SpeedDistribution']
export type SpeedHeatmap = Schemas['SpeedHeatmap']
export type SpeedTestRow = Schemas['SpeedTestRow']
export type BuildingInternet = Schemas['BuildingInternet']
export type ConnectionContract = Schemas['ConnectionContract']
export type OperatorAppeal = Schemas['OperatorAppeal']
export type OperatorAppealEntry = Schemas['OperatorAppealEntry']
export type SpeedSumsQuery = NonNullable<paths['/api/v1/internet/distribution']['get']['parameters']['query']>
export type SpeedTestsQuery = NonNullable<paths['/api/v1/org-units/{id}/speed-tests']['get']['parameters']['query']>

type Signal = AbortSignal

/** Organisations that one answer brings at most; of more, pages show these and say so. */
const MOST_ORGANISATIONS = 2000

export const readInternetVerdicts = (query: Standpoint, signal: Signal) =>
  readAnswer(
    client.GET('/api/v1/internet/verdicts', { params: { query: { ...query, limit: MOST_ORGANISATIONS } }, signal }),
  )

export const readInternetProviders = (query: Standpoint, signal: Signal) =>
  readAnswer(client.GET('/api/v1/internet/by-provider', { params: { query }, signal }))

export const readSilentBuildings = (query: Standpoint, signal: Signal) =>
  readAnswer(client.GET('/api/v1/internet/silent', { params: { query }, signal }))

export const readSpeedDistribution = (query: SpeedSumsQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/internet/distribution', { params: { query }, signal }))

export const readSpeedHeatmap = (query: SpeedSumsQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/internet/heatmap', { params: { query }, signal }))

export const readOrgUnitInternet = (id: number, query: Moment, signal: Signal) =>
  readAnswer(client.GET('/api/v1/org-units/{id}/internet', { params: { path: { id }, query }, signal }))

export const readSpeedTests = (id: number, query: SpeedTestsQuery, signal?: Signal) =>
  readAnswer(
    client.GET('/api/v1/org-units/{id}/speed-tests', {
      params: { path: { id }, query },
      ...(signal === undefined ? {} : { signal }),
    }),
  )

export const readConnectionContracts = (id: number, query: Moment, signal: Signal) =>
  readAnswer(client.GET('/api/v1/org-units/{id}/connection-contracts', { params: { path: { id }, query }, signal }))

export const readOperatorAppeals = (id: number, query: Moment, signal: Signal) =>
  readAnswer(client.GET('/api/v1/org-units/{id}/operator-appeals', { params: { path: { id }, query }, signal }))

/** Enters an appeal, or under a number that is there already its answer. Throws an ApiProblem that names the field. */
export const enterOperatorAppeal = (id: number, body: OperatorAppealEntry) =>
  readAnswer(client.POST('/api/v1/org-units/{id}/operator-appeals', { params: { path: { id } }, body }))

/** Addresses of a building's measurement record as a file, of the same period and moment. */
export function listRecordLinks(
  building_id: number,
  { period, known_at }: Standpoint,
): { format: string; href: string }[] {
  const words = new URLSearchParams({ ...(period && { period }), ...(known_at && { known_at }) })
  return (['pdf', 'docx'] as const).map((extension) => ({
    format: extension.toUpperCase(),
    href: `/api/v1/org-units/${building_id}/measurement-record.${extension}?${words.toString()}`,
  }))
}
