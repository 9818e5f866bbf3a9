import fp from 'fastify-plugin'
import { sql } from 'kysely'
import type { Capability } from '../../access/capabilities.ts'
import { decideAccess } from '../../access/decide-access.ts'
import type { Role } from '../../access/roles.ts'
import type { Person, Subject } from '../../access/subject.ts'
import { NOTHING, type AccessScope } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { findRegistryView } from '../../db/find-registry-view.ts'
import { orgUnitsOn, type RegistryView } from '../../db/registry-as-known.ts'
import { readWebsiteRules, readWorkingDays } from '../../db/reference-files.ts'
import { listObjections } from '../../objections/list-objections.ts'
import { findMunicipalityTasks } from '../../tasks/municipality-tasks.ts'
import { listSchoolTasks } from '../../tasks/school-tasks.ts'
import { TASK_SCHEMAS } from './schemas.ts'

const OBJECTIONS_SHOWN = 100
const MUNICIPAL: readonly Role[] = ['municipal_head', 'municipal_specialist']

/** What the subject may see by a capability through grants of some of its roles alone; null: nothing. */
function scopeOf(subject: Subject, capability: Capability, roles?: readonly Role[]): AccessScope | null {
  if (subject.kind !== 'person') return null
  const grants = roles === undefined ? subject.grants : subject.grants.filter(({ role }) => roles.includes(role))
  const narrowed: Person = { ...subject, grants }
  const decision = decideAccess(narrowed, capability)
  return decision.refusal === null ? decision.scope : null
}

/** Municipalities that the person answers for and that are known today, each once; a right may begin before its unit. */
async function listTerritories(db: ReadExecutor, subject: Subject, view: RegistryView): Promise<number[]> {
  const grants = subject.kind === 'person' ? subject.grants : []
  const granted = grants.flatMap(({ role, org_unit_id }) => (MUNICIPAL.includes(role) ? [org_unit_id] : []))
  const { rows } = await sql<{ org_unit_id: number }>`
    SELECT u.org_unit_id FROM ${orgUnitsOn(db, view, sql`(SELECT unnest(${granted}::bigint[]))`)} u`.execute(db)
  const known = new Set(rows.map((row) => row.org_unit_id))
  return [...new Set(granted)].filter((org_unit_id) => known.has(org_unit_id))
}

/** The first screen: what whoever asks has to do, and by when. */
export default fp<{ time_zone: string; mend_term_days: number; file_term_days: number }>(
  (app, { time_zone, mend_term_days, file_term_days }, done) => {
    for (const schema of TASK_SCHEMAS) app.addSchema(schema)
    const terms = { calendar: readWorkingDays(), rules: readWebsiteRules(), time_zone, mend_term_days }
    app.get(
      '/api/v1/tasks',
      {
        config: { capability: 'signed_in' },
        schema: {
          operationId: 'listTasks',
          summary: 'What the one who asks has to do and by when, by its roles and where it holds them',
          tags: ['tasks'],
          response: { 200: { $ref: 'Tasks#' } },
        },
      },
      async ({ subject }) => {
        const view = await findRegistryView(app.db, { scope: NOTHING, time_zone })
        const ownSchools = scopeOf(subject, 'sites:read', ['school_operator'])
        const municipal = scopeOf(subject, 'indicators:read', MUNICIPAL)
        const objecting = scopeOf(subject, 'objections:read')
        const territories = await listTerritories(app.db, subject, view)
        const user_id = subject.kind === 'person' ? subject.user_id : null
        return {
          today: view.day,
          mend_term_days,
          schools: ownSchools === null ? [] : await listSchoolTasks(app.db, { ...view, scope: ownSchools }, terms),
          municipalities: await Promise.all(
            territories.map((territory_id) =>
              findMunicipalityTasks(app.db, { scope: municipal ?? NOTHING, time_zone, territory_id }),
            ),
          ),
          may_decide: scopeOf(subject, 'objections:decide') !== null,
          objections:
            objecting === null
              ? []
              : await listObjections(
                  app.db,
                  { ...view, ...terms, scope: objecting, user_id, file_term_days },
                  { is_recent: true, limit: OBJECTIONS_SHOWN },
                ),
        }
      },
    )
    done()
  },
  { name: 'tasks', dependencies: ['database', 'error-body', 'access', 'objections'] },
)
