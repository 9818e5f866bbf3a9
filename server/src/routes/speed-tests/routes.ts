import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { Config } from '../../config.ts'
import { SpeedBatch, SpeedBatchAnswer } from '../../contract/index.ts'
import { readWorkingDays } from '../../db/reference-files.ts'
import { CodedError } from '../../errors.ts'
import { ingestSpeedBatch, type SpeedIngestSettings } from '../../ingest-speed/ingest-speed-batch.ts'
import { requireSchoolCode } from '../../speed-tickets/school-code.ts'
import { BrowserSubmission } from './schemas.ts'

type Settings = Pick<Config, 'speed_accept_days' | 'allow_modelled' | 'time_zone'>

const error = { $ref: 'ErrorBody#' }

/** A page in a browser has a school's code and nothing else. What it hands in is graded as a browser's, whatever it says. */
function serveBrowsers(app: FastifyInstance, settings: SpeedIngestSettings): void {
  app.post<{ Body: BrowserSubmission }>(
    '/api/v1/speed-tests/browser',
    {
      config: { capability: 'public', route_class: 'sign_in', judges_own_texts: true },
      schema: {
        operationId: 'submitBrowserTest',
        summary: 'Hand in one speed test that was made in a browser, by school code',
        tags: ['internet'],
        body: { $ref: 'BrowserSubmission#' },
        response: { 200: { $ref: 'SpeedBatchAnswer#' }, 400: error, 404: error, 429: error, 503: error },
      },
    },
    async ({ body: { code, agent_id, test }, author }) => {
      const org_unit_id = await requireSchoolCode(app.db, code, author)
      const scope = { kind: 'jurisdictions', jurisdictions: [{ org_unit_id, founder_kinds: null }] } as const
      const batch = { agent_id, tests: [{ ...test, method: 'browser' }], pings: [] }
      const answer = await ingestSpeedBatch(app.db, batch, settings, { scope, by: author })
      app.countIngested(answer)
      return answer
    },
  )
}

/** What agents of schools and pages in browsers hand in. */
export default fp<Settings>(
  (app, settings, done) => {
    for (const schema of [SpeedBatch, SpeedBatchAnswer, BrowserSubmission]) app.addSchema(schema)
    const ingestSettings = { ...settings, calendar: readWorkingDays() }
    serveBrowsers(app, ingestSettings)
    app.post<{ Body: SpeedBatch }>(
      '/api/v1/speed-tests',
      {
        config: { capability: 'speed:submit', judges_own_texts: true },
        schema: {
          operationId: 'submitSpeedTests',
          summary: "Hand in speed tests and hours of pings of the token's own school",
          tags: ['internet'],
          body: { $ref: 'SpeedBatch#' },
          response: {
            200: { $ref: 'SpeedBatchAnswer#' },
            400: error,
            413: error,
            503: error,
          },
        },
      },
      async ({ body, scope, author }) => {
        if (body.provenance === 'modelled' && !settings.allow_modelled) {
          throw new CodedError('EDU_FORBIDDEN', 'Смоделированные данные принимает только демонстрация')
        }
        const answer = await ingestSpeedBatch(app.db, body, ingestSettings, { scope, by: author })
        app.countIngested(answer)
        return answer
      },
    )
    done()
  },
  { name: 'speed-tests', dependencies: ['database', 'error-body', 'metrics', 'access'] },
)
