import fp from 'fastify-plugin'
import { insertHumanCheck } from './insert-human-check.ts'
import { HumanCheckAnswer, HumanCheckEntry, HumanCheckParams } from './schemas.ts'

/** Where robots are blocked or disputed, a person looks with the checklist. */
export default fp(
  (app, _options, done) => {
    app.addSchema(HumanCheckEntry)
    app.addSchema(HumanCheckAnswer)
    app.post<{ Params: HumanCheckParams; Body: HumanCheckEntry }>(
      '/api/v1/org-units/:id/sites/:target_id/human-checks',
      {
        config: { capability: 'sites:write' },
        schema: {
          operationId: 'addHumanCheck',
          summary: "A person's check of a site by the checklist, with a picture",
          tags: ['sites'],
          params: HumanCheckParams,
          body: { $ref: 'HumanCheckEntry#' },
          response: { 201: { $ref: 'HumanCheckAnswer#' }, 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } },
        },
      },
      async ({ params: { id: org_unit_id, target_id }, body, actor, id }, reply) => {
        const place = { org_unit_id, target_id, actor, request_id: id }
        return reply.code(201).send(await insertHumanCheck(app.db, place, body))
      },
    )
    done()
  },
  { name: 'human-checks', dependencies: ['database', 'error-body'] },
)
