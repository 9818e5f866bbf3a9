import createClient from 'openapi-fetch'
import type { components, paths } from './schema.gen.ts'
import { setNames } from './set-names.ts'

export const client = createClient<paths>({ baseUrl: location.origin })

/** An answer that is not a success. `code` is the API's coded error; null when the API was not reached at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: string | null
  readonly status: number | null
  /** What the API says beside the code: a waiting time, what is wrong with a password. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    message: string,
    code: string | null,
    status: number | null,
    options: ErrorOptions & { details?: unknown } = {},
  ) {
    super(message, options)
    this.code = code
    this.status = status
    const { details } = options
    this.details = typeof details === 'object' && details !== null ? { ...details } : {}
  }

  /** Place of the fault in what was sent, as a JSON pointer ("/person"); null when the API named none. */
  get path(): string | null {
    const { path, field } = this.details
    if (typeof path === 'string') return path
    return typeof field === 'string' ? `/${field}` : null
  }
}

/** Codes of requests that were refused because nobody is signed in any more, or not fully. */
const LOST_SESSION: ReadonlySet<string | null> = new Set(['EDU_UNAUTHENTICATED', 'EDU_SECOND_FACTOR_REQUIRED'])
let tellLoss: () => void = () => undefined

/** Says whom to tell that the session has ended behind an open page. */
export function onSessionLoss(tell: () => void): void {
  tellLoss = tell
}

interface Answer<T> {
  data?: T
  error?: components['schemas']['ErrorBody']
  response: Response
}

async function readSuccess<T>(answer: Promise<Answer<T>>): Promise<T | undefined> {
  const { data, error, response } = await answer.catch((cause: unknown) => {
    throw new ApiProblem('The server did not answer', null, null, { cause })
  })
  if (response.ok) return data
  const code = error?.code ?? null
  if (LOST_SESSION.has(code)) tellLoss()
  const details = error?.details
  throw new ApiProblem(error?.message ?? response.statusText, code, response.status, { details })
}

/** The body of a successful answer; anything else is thrown as an ApiProblem for the data area to show. */
export async function readAnswer<T>(answer: Promise<Answer<T>>): Promise<T> {
  const data = await readSuccess(answer)
  if (data === undefined) throw new ApiProblem('The answer has no body', null, null)
  return setNames(data)
}

/** Waits for a command that answers with nothing; anything but a success is thrown as an ApiProblem. */
export async function waitUntilDone(answer: Promise<Answer<unknown>>): Promise<void> {
  await readSuccess(answer)
}
