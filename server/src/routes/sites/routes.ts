import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type from 'typebox'
import {
  OrgUnitId,
  RecordNo,
  SITE_PLATFORMS,
  SVEDEN_SUBSECTIONS,
  type SitePlatform,
  type WebsiteRules,
} from '../../contract/index.ts'
import type { AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { findRegistryView } from '../../db/find-registry-view.ts'
import { writeListAnswer } from '../../db/json-rows.ts'
import { readWebsiteRules } from '../../db/reference-files.ts'
import { requireVisibleUnit } from '../../db/require-unit.ts'
import { SECTION_CELLS } from '../../domain/section-cells.ts'
import { CodedError } from '../../errors.ts'
import type { FileTerm } from '../../files/attached-files.ts'
import { findAudit, listHumanChecks } from './audit-queries.ts'
import { listChecks, listSites, listTimeline } from './card-queries.ts'
import { listIncidentEvents, listIncidentMembers, listIncidents } from './incident-queries.ts'
import { readRuleMatrix } from './matrix-queries.ts'
import { AUDIT_SCHEMAS } from './audit-schemas.ts'
import { CARD_SCHEMAS, CardQuery } from './card-schemas.ts'
import { INCIDENT_SCHEMAS, IncidentQuery } from './incident-schemas.ts'
import { MATRIX_SCHEMAS } from './matrix-schemas.ts'
import { SiteViewQuery, TerritoryQuery } from './schema-parts.ts'
import { STATE_SCHEMAS } from './state-schemas.ts'
import { readCertificates, readPortals, readSiteStates } from './state-queries.ts'
import type { SiteView } from './states-as-known.ts'

const SITE_SCHEMAS = [...INCIDENT_SCHEMAS, ...AUDIT_SCHEMAS, ...CARD_SCHEMAS, ...STATE_SCHEMAS, ...MATRIX_SCHEMAS]

const DEFAULT_TIMELINE_DAYS = 7
const IncidentParams = Type.Object({ incident_id: RecordNo })
const OrgUnitParams = Type.Object({ id: OrgUnitId })

type ViewFinder = (query: TerritoryQuery, scope: AccessScope) => Promise<SiteView>

function answers(name: string) {
  return { 200: { $ref: `${name}#` }, 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } }
}

function serveIncidents(app: FastifyInstance, findView: ViewFinder): void {
  app.get<{ Querystring: IncidentQuery }>(
    '/api/v1/sites/incidents',
    {
      config: { capability: 'sites:read' },
      schema: {
        operationId: 'listSiteIncidents',
        summary: 'Incidents: open ones first, then those of the last 30 days',
        tags: ['sites'],
        querystring: IncidentQuery,
        response: answers('IncidentList'),
      },
    },
    async ({ query, scope }) => {
      const view = await findView(query, scope)
      const rows = await listIncidents(app.db, view, { state: query.state })
      return { known_at_change_set_no: view.known_at_change_set_no, rows }
    },
  )
  app.get<{ Querystring: SiteViewQuery; Params: { incident_id: number } }>(
    '/api/v1/sites/incidents/:incident_id',
    {
      config: { capability: 'sites:read' },
      schema: {
        operationId: 'getSiteIncident',
        summary: 'One incident: what happened in order, and the sites in it',
        tags: ['sites'],
        params: IncidentParams,
        querystring: SiteViewQuery,
        response: answers('IncidentCard'),
      },
    },
    async ({ query, params: { incident_id }, scope }) => {
      const view = await findView(query, scope)
      const [incident] = await listIncidents(app.db, view, { incident_id })
      if (incident === undefined) {
        throw new CodedError('EDU_INCIDENT_NOT_FOUND', 'Такой инцидент не известен', { incident_id })
      }
      return {
        known_at_change_set_no: view.known_at_change_set_no,
        incident,
        events: await listIncidentEvents(app.db, view, incident_id),
        members: await listIncidentMembers(app.db, view, incident_id),
      }
    },
  )
}

function serveLists(app: FastifyInstance, findView: ViewFinder, rules: WebsiteRules): void {
  const serve = (
    path: string,
    texts: { operationId: string; summary: string; answer: string },
    { head = {}, read }: { head?: object; read: (db: ReadExecutor, view: SiteView) => Promise<string> },
  ): void => {
    const { operationId, summary, answer } = texts
    app.get<{ Querystring: TerritoryQuery }>(
      path,
      {
        config: { capability: 'sites:read' },
        schema: { operationId, summary, tags: ['sites'], querystring: TerritoryQuery, response: answers(answer) },
      },
      async ({ query, scope }) => {
        const view = await findView(query, scope)
        const { known_at_change_set_no } = view
        return writeListAnswer({ known_at_change_set_no, ...head }, await read(app.db, view))
      },
    )
  }
  const subsections = SVEDEN_SUBSECTIONS.map((code) => ({
    code,
    title: rules.subsections.find((entry) => entry.subsection === code)?.title ?? code,
  }))
  serve(
    '/api/v1/sites/states',
    { operationId: 'listSiteStates', summary: 'State of every site of a territory', answer: 'SiteStateList' },
    { read: readSiteStates },
  )
  serve(
    '/api/v1/sites/certificates',
    {
      operationId: 'listSiteCertificates',
      summary: 'Certificates of sites, the first to end on top',
      answer: 'CertificateList',
    },
    { read: readCertificates },
  )
  serve(
    '/api/v1/sites/rule-matrix',
    { operationId: 'getRuleMatrix', summary: 'Sites × subsections of the obligatory section', answer: 'RuleMatrix' },
    { head: { subsections, cell_kinds: SECTION_CELLS }, read: readRuleMatrix },
  )
  serve(
    '/api/v1/sites/portals',
    { operationId: 'listPortals', summary: 'Portals of the region and their state', answer: 'PortalList' },
    { read: readPortals },
  )
}

function platformOf(text: string | null): SitePlatform {
  return SITE_PLATFORMS.find((platform) => platform === text) ?? 'unknown'
}

function serveCard(
  app: FastifyInstance,
  findView: ViewFinder,
  terms: { rules: WebsiteRules; file_term_days: number },
): void {
  app.get<{ Querystring: CardQuery; Params: { id: number } }>(
    '/api/v1/org-units/:id/sites',
    {
      config: { capability: 'sites:read' },
      schema: {
        operationId: 'getOrgUnitSites',
        summary: 'Sites of one unit: state, timeline, newest probes, incidents, content audit with findings',
        tags: ['sites'],
        params: OrgUnitParams,
        querystring: CardQuery,
        response: answers('OrgUnitSites'),
      },
    },
    async ({ query, params: { id: org_unit_id }, scope }) => {
      const view = await findView(query, scope)
      const days = query.timeline_days ?? DEFAULT_TIMELINE_DAYS
      // A dozen small reads: one connection for all of them, so that they wait for one only once.
      const sites = await app.db.connection().execute(async (db) => {
        await requireVisibleUnit(db, scope, org_unit_id)
        const incidents = await listIncidents(db, view, { org_unit_id })
        const described = []
        for (const { last_audit_id, ...site } of await listSites(db, view, org_unit_id)) {
          const { target_id } = site
          const audit = await findAudit(db, view, { org_unit_id, audit_id: last_audit_id }, terms.rules)
          const platform = audit?.platform ?? platformOf(site.platform)
          described.push({
            ...site,
            is_flapping: site.is_flapping ?? false,
            verdict_since: site.verdict_since?.toISOString() ?? null,
            last_checked_at: site.last_checked_at?.toISOString() ?? null,
            last_verdict_at: site.last_verdict_at?.toISOString() ?? null,
            timeline: await listTimeline(db, view, { org_unit_id, target_id, days }),
            checks: await listChecks(db, view, org_unit_id, target_id),
            incidents,
            audit,
            human_checks: await listHumanChecks(db, view, { org_unit_id, target_id, platform }, terms),
          })
        }
        return described
      })
      return { known_at_change_set_no: view.known_at_change_set_no, org_unit_id, sites }
    },
  )
}

/** What people see of sites: state, incidents, content, certificates, portals. */
export default fp<FileTerm>(
  (app, { time_zone, file_term_days }, done) => {
    for (const schema of SITE_SCHEMAS) app.addSchema(schema)
    const rules = readWebsiteRules()
    const findView: ViewFinder = async ({ day, known_at, territory_id }, scope) => ({
      ...(await findRegistryView(app.db, { scope, day, known_at, time_zone })),
      known_at,
      territory_id,
    })
    serveIncidents(app, findView)
    serveLists(app, findView, rules)
    serveCard(app, findView, { rules, file_term_days })
    done()
  },
  { name: 'sites', dependencies: ['database', 'error-body', 'collectors'] },
)
