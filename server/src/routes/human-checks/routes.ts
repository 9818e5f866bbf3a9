import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { decideAccess } from '../../access/decide-access.ts'
import type { Subject } from '../../access/subject.ts'
import { recordDisclosure } from '../../db/record-disclosure.ts'
import { isCoveredUnit, requireCoveredUnit } from '../../db/require-unit.ts'
import { dayInZone } from '../../domain/region-day.ts'
import { CodedError } from '../../errors.ts'
import type { FileTerm } from '../../files/attached-files.ts'
import { CLASS_LIMITS } from '../../limits/route-class.ts'
import { insertHumanCheck } from './insert-human-check.ts'
import { findPicture } from './queries.ts'
import { HumanCheckAnswer, HumanCheckEntry, HumanCheckParams, PictureParams } from './schemas.ts'

const PATH = '/api/v1/org-units/:id/sites/:target_id/human-checks'

/** Pictures come from users: whatever a browser makes of the bytes, they run nothing and reach nothing. */
const PICTURE_HEADERS = {
  'content-security-policy': 'sandbox',
  'x-content-type-options': 'nosniff',
  // Several people sign in at one computer: what one may look at is not kept there for the next.
  'cache-control': 'no-store',
} as const

function servePicture(app: FastifyInstance, term: FileTerm): void {
  const picture = { schema: { type: 'string', format: 'binary' } }
  app.get<{ Params: PictureParams }>(
    `${PATH}/:human_check_id/picture`,
    {
      config: { capability: 'pictures:read' },
      schema: {
        operationId: 'getHumanCheckPicture',
        summary: "The picture of a person's check, PNG or JPEG, while it is kept; that it was shown is written down",
        tags: ['sites'],
        params: PictureParams,
        response: {
          200: { content: { 'image/png': picture, 'image/jpeg': picture } },
          400: { $ref: 'ErrorBody#' },
          404: { $ref: 'ErrorBody#' },
          410: { $ref: 'ErrorBody#' },
        },
      },
    },
    async ({ params, scope, author }, reply) => {
      const found = await findPicture(app.db, { ...params, scope }, term)
      if (found === null) throw new CodedError('EDU_EVIDENCE_NOT_FOUND', 'Снимка у этой проверки нет', params)
      await recordDisclosure(app.db, {
        by: author,
        category: 'disclosure',
        action: 'human_check.picture',
        subject: `human_check ${params.human_check_id}`,
        org_unit_id: params.id,
      })
      return reply.headers(PICTURE_HEADERS).type(found.media_type).send(found.bytes)
    },
  )
}

/** A municipality asks and the institute decides: whether the subject is of those who decide about the unit. */
async function mayDecide(app: FastifyInstance, subject: Subject, org_unit_id: number): Promise<boolean> {
  const decision = decideAccess(subject, 'objections:decide')
  return decision.refusal === null && (await isCoveredUnit(app.db, decision.scope, org_unit_id))
}

/** Where robots are blocked or disputed, a person looks with the checklist. */
export default fp<FileTerm>(
  (app, { time_zone, file_term_days }, done) => {
    app.addSchema(HumanCheckEntry)
    app.addSchema(HumanCheckAnswer)
    app.post<{ Params: HumanCheckParams; Body: HumanCheckEntry }>(
      PATH,
      {
        config: { capability: 'sites:check', route_class: 'upload' },
        // A picture within JSON: all of it is parsed at once, so it may not be as large as a file alone.
        bodyLimit: CLASS_LIMITS.write.body_bytes,
        schema: {
          operationId: 'addHumanCheck',
          summary: "A person's check of a site by the checklist, with a picture",
          tags: ['sites'],
          params: HumanCheckParams,
          body: { $ref: 'HumanCheckEntry#' },
          response: { 201: { $ref: 'HumanCheckAnswer#' }, 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } },
        },
      },
      async ({ params: { id: org_unit_id, target_id }, body, author, scope, subject }, reply) => {
        await requireCoveredUnit(app.db, scope, org_unit_id)
        const today = dayInZone(new Date(), time_zone)
        const is_decisive = await mayDecide(app, subject, org_unit_id)
        const place = { org_unit_id, target_id, by: author, is_decisive, today }
        return reply.code(201).send(await insertHumanCheck(app.db, place, body))
      },
    )
    servePicture(app, { time_zone, file_term_days })
    done()
  },
  { name: 'human-checks', dependencies: ['database', 'error-body'] },
)
