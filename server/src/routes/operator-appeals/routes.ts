import fp from 'fastify-plugin'
import { findRegistryView } from '../../db/find-registry-view.ts'
import { requireCoveredUnit } from '../../db/require-unit.ts'
import { enterAppeal } from './commands.ts'
import { listAppeals } from './queries.ts'
import { AppealParams, AppealQuery, OPERATOR_APPEAL_SCHEMAS, type OperatorAppealEntry } from './schemas.ts'

const PATH = '/api/v1/org-units/:id/operator-appeals'
const tags = ['internet']
const refusals = { 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } }

/** Appeals to operators of lines. Who may object to a finding may enter them. */
export default fp<{ time_zone: string }>(
  (app, { time_zone }, done) => {
    for (const schema of OPERATOR_APPEAL_SCHEMAS) app.addSchema(schema)
    app.get<{ Params: AppealParams; Querystring: AppealQuery }>(
      PATH,
      {
        config: { capability: 'objections:read' },
        schema: {
          operationId: 'listOperatorAppeals',
          summary: 'Appeals to operators about a unit and its buildings, with their answers, the newest first',
          tags,
          params: AppealParams,
          querystring: AppealQuery,
          response: { 200: { $ref: 'OperatorAppealList#' }, ...refusals },
        },
      },
      async ({ params: { id }, query: { known_at }, scope }) => {
        await requireCoveredUnit(app.db, scope, id)
        const view = await findRegistryView(app.db, { scope, known_at, time_zone })
        const rows = await listAppeals(app.db, view, id)
        return { known_at_change_set_no: view.known_at_change_set_no, rows }
      },
    )
    app.post<{ Params: AppealParams; Body: OperatorAppealEntry }>(
      PATH,
      {
        config: { capability: 'objections:open' },
        schema: {
          operationId: 'enterOperatorAppeal',
          summary: 'Enter an appeal to the operator; under the same number again: its answer, or a correction',
          tags,
          params: AppealParams,
          body: { $ref: 'OperatorAppealEntry#' },
          response: { 201: { $ref: 'OperatorAppeal#' }, ...refusals },
        },
      },
      async ({ params: { id: org_unit_id }, body, scope, author }, reply) => {
        await requireCoveredUnit(app.db, scope, org_unit_id)
        const entered = await enterAppeal(app.db, org_unit_id, body, { author, now: new Date(), time_zone })
        const appeal_number = body.appeal_number.trim()
        return reply.code(201).send({ ...body, ...entered, org_unit_id, appeal_number, entered_by: author.actor })
      },
    )
    done()
  },
  { name: 'operator-appeals', dependencies: ['database', 'error-body', 'access'] },
)
