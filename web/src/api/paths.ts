import type { CollectorsOverview } from './collectors.ts'
import type { IndicatorText, IndicatorValues, Lineage } from './indicators.ts'
import type { OrgUnitCard, OrgUnitKind, OrgUnitList, OrgUnitSites } from './org-units.ts'
import type { CertificateRow, Evidence, Incident, RuleMatrix, SitesOverview } from './sites.ts'

export interface ErrorBody {
  code: string
  message: string
  request_id: string
}

interface Get<Answer, Query = Record<string, never>, Path = Record<string, never>> {
  get: {
    parameters: { query?: Query; path: Path }
    responses: {
      200: { content: { 'application/json': Answer } }
      default: { content: { 'application/json': ErrorBody } }
    }
  }
}

/** What every read takes: whose, of when, and known on which day. */
export interface ReadQuery {
  territory?: number
  period?: string
  known_on?: string
}
export interface OrgUnitQuery extends ReadQuery {
  kind?: OrgUnitKind
  org_kind?: string
  founder_kind?: string
  verdict?: string
  text?: string
}
interface ById {
  id: string
}

export interface paths {
  '/api/v1/org-units': Get<OrgUnitList, OrgUnitQuery>
  '/api/v1/org-units/{id}': Get<OrgUnitCard, ReadQuery, ById>
  '/api/v1/org-units/{id}/sites': Get<OrgUnitSites, ReadQuery, ById>
  '/api/v1/sites/overview': Get<SitesOverview, ReadQuery>
  '/api/v1/sites/incidents': Get<{ rows: Incident[] }, ReadQuery>
  '/api/v1/sites/rule-matrix': Get<RuleMatrix, ReadQuery>
  '/api/v1/sites/certificates': Get<{ rows: CertificateRow[] }, ReadQuery>
  '/api/v1/collectors': Get<CollectorsOverview>
  '/api/v1/indicators': Get<{ rows: IndicatorText[] }>
  '/api/v1/indicators/{code}/values': Get<IndicatorValues, ReadQuery, { code: string }>
  '/api/v1/indicators/{code}/lineage': Get<Lineage, ReadQuery & { org_unit: number }, { code: string }>
  '/api/v1/evidence/{id}': Get<Evidence, Record<string, never>, ById>
}
