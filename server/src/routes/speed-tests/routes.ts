import fp from 'fastify-plugin'
import type { Config } from '../../config.ts'
import { SpeedBatch, SpeedBatchAnswer } from '../../contract/index.ts'
import { readWorkingDays } from '../../db/reference-files.ts'
import { CodedError } from '../../errors.ts'
import { ingestSpeedBatch } from '../../ingest-speed/ingest-speed-batch.ts'

type Settings = Pick<Config, 'speed_accept_days' | 'allow_modelled' | 'time_zone'>

/** What agents of schools hand in. */
export default fp<Settings>(
  (app, settings, done) => {
    for (const schema of [SpeedBatch, SpeedBatchAnswer]) app.addSchema(schema)
    const ingestSettings = { ...settings, calendar: readWorkingDays() }
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
            400: { $ref: 'ErrorBody#' },
            413: { $ref: 'ErrorBody#' },
            503: { $ref: 'ErrorBody#' },
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
  { name: 'speed-tests', dependencies: ['database', 'error-body', 'metrics'] },
)
