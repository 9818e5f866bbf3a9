import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import fp from 'fastify-plugin'
import { readBlob } from '../../db/blobs.ts'
import { CodedError } from '../../errors.ts'
import { findEvidence } from './queries.ts'
import { Evidence, EvidenceParams } from './schemas.ts'

const COPY_MAX_BYTES = 2 * 1024 * 1024
const inflate = promisify(gunzip)

/** Text of a stored copy; null when it is no whole gzip or grows too large: then the hash alone speaks. */
async function readCopy(bytes: Buffer): Promise<string | null> {
  try {
    return (await inflate(bytes, { maxOutputLength: COPY_MAX_BYTES })).toString('utf8')
  } catch {
    return null
  }
}

/** What was kept of one answer of a site. The copy of a strange page goes out as text within JSON, never as a page. */
export default fp(
  (app, _options, done) => {
    app.addSchema(Evidence)
    app.get<{ Params: EvidenceParams }>(
      '/api/v1/evidence/:org_unit_id/:evidence_id',
      {
        config: { capability: 'sites:read' },
        schema: {
          operationId: 'getEvidence',
          summary: 'What was kept of one answer: headers, hash, trimmed copy as text',
          tags: ['sites'],
          params: EvidenceParams,
          response: { 200: { $ref: 'Evidence#' }, 400: { $ref: 'ErrorBody#' }, 404: { $ref: 'ErrorBody#' } },
        },
      },
      async ({ params, scope }) => {
        const evidence = await findEvidence(app.db, { ...params, scope })
        if (evidence === null) {
          throw new CodedError('EDU_EVIDENCE_NOT_FOUND', 'Такого доказательства нет', params)
        }
        const { copy_sha256, ...row } = evidence
        const copy = copy_sha256 === null ? null : await readBlob(app.db, copy_sha256)
        return { ...row, body_text: copy === null ? null : await readCopy(copy.bytes) }
      },
    )
    done()
  },
  { name: 'evidence', dependencies: ['database', 'error-body'] },
)
