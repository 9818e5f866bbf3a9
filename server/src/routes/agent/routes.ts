import fp from 'fastify-plugin'
import { AgentPlan } from '../../contract/index.ts'
import { listDatedStatuses } from '../../db/dated-statuses.ts'
import { findRegistryView } from '../../db/find-registry-view.ts'
import { readInternetRules, readWorkingDays } from '../../db/reference-files.ts'
import { makePlan } from './plan.ts'
import { listTestedBuildings } from './queries.ts'

/** What a school's agent is to do. */
export default fp<{ time_zone: string; speed_tests_per_day: number }>(
  (app, { time_zone, speed_tests_per_day }, done) => {
    app.addSchema(AgentPlan)
    const rules = { calendar: readWorkingDays(), internet_rules: readInternetRules() }
    app.get(
      '/api/v1/agent/plan',
      {
        config: { capability: 'speed:submit', route_class: 'collect' },
        schema: {
          operationId: 'getAgentPlan',
          summary: "When to test which of the school's buildings, for weeks ahead, and how often to ping",
          tags: ['internet'],
          response: { 200: { $ref: 'AgentPlan#' } },
        },
      },
      async ({ scope }) => {
        const now = new Date()
        const view = await findRegistryView(app.db, { scope, time_zone })
        const buildings = await listTestedBuildings(app.db, view)
        const org_unit_ids = [...new Set(buildings.flatMap(({ path }) => path))]
        const { known_at_change_set_no } = view
        const statuses = await listDatedStatuses(app.db, { org_unit_ids, known_at_change_set_no })
        const tests_per_day = speed_tests_per_day
        return makePlan({ now, today: view.day, buildings, statuses, tests_per_day, zone: time_zone, ...rules })
      },
    )
    done()
  },
  { name: 'agent', dependencies: ['database', 'error-body', 'access'] },
)
