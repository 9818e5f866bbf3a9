import { Ajv2020 } from 'ajv/dist/2020.js'
import type { ApiDocument, Operation } from './api-document.ts'

export interface FuzzAnswer {
  status: number
  media_type: string
  body: Buffer
}

/** What is wrong with an answer, in a sentence; null: nothing. */
export type Judge = (operation: Operation, answer: FuzzAnswer) => string | null

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function judgeError({ media_type, body }: FuzzAnswer): string | null {
  if (!media_type.startsWith('application/json')) return `an error of type ${media_type}`
  const error = parseJson(body) as { code?: unknown; message?: unknown; request_id?: unknown } | null | undefined
  const isWhole =
    typeof error?.code === 'string' &&
    error.code.startsWith('EDU_') &&
    typeof error.message === 'string' &&
    typeof error.request_id === 'string'
  return isWhole ? null : `no error body: ${body.toString('utf8').slice(0, 300)}`
}

function escape(part: string): string {
  return part.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** Judges answers by what the document promises: no fault of ours, one error body, answers as declared. */
export function createJudge(document: ApiDocument): Judge {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false })
  ajv.addSchema({ ...document, $id: 'api' })
  return (operation, answer) => {
    const { status } = answer
    if (status >= 500) return `${status}: ${answer.body.toString('utf8').slice(0, 300)}`
    if (status >= 400) return judgeError(answer)
    if (status === 304) return null
    const declared = operation.responses.get(status)
    if (declared === undefined) return `${status} is not declared`
    if (declared.media_type !== 'application/json') return null
    const place = ['paths', operation.path, operation.method.toLowerCase(), 'responses', `${status}`]
    const pointer = [...place, 'content', 'application/json', 'schema'].map(escape).map(encodeURIComponent).join('/')
    const $ref = `api#/${pointer}`
    const validate = ajv.getSchema($ref) ?? ajv.compile({ $ref })
    if (validate(parseJson(answer.body)) === true) return null
    return `an answer unlike its schema: ${ajv.errorsText(validate.errors)}`
  }
}
