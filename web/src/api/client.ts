import createClient from 'openapi-fetch'
import type { components, paths } from './schema.gen.ts'
import { setNames } from './set-names.ts'

export const client = createClient<paths>({ baseUrl: location.origin })

/** An answer that is not a success. `code` is the API's coded error; null when the API was not reached at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: string | null
  readonly status: number | null
  /** Place of the fault in what was sent, as a JSON pointer ("/person"); null when the API named none. */
  readonly path: string | null

  constructor(
    message: string,
    code: string | null,
    status: number | null,
    options: ErrorOptions & { path?: string | null } = {},
  ) {
    super(message, options)
    this.code = code
    this.status = status
    this.path = options.path ?? null
  }
}

function findPath(details: unknown): string | null {
  const isPlace = typeof details === 'object' && details !== null && 'path' in details
  return isPlace && typeof details.path === 'string' ? details.path : null
}

interface Answer<T> {
  data?: T
  error?: components['schemas']['ErrorBody']
  response: Response
}

/** The body of a successful answer; anything else is thrown as an ApiProblem for the data area to show. */
export async function readAnswer<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer.catch((cause: unknown) => {
    throw new ApiProblem('The server did not answer', null, null, { cause })
  })
  if (data !== undefined) return setNames(data)
  const path = findPath(error?.details)
  throw new ApiProblem(error?.message ?? response.statusText, error?.code ?? null, response.status, { path })
}
