import type { Disturbance } from '../disturbance.ts'
import type { Flight } from './flight.ts'

const LONGEST_ANSWER_MS = 60_000

export interface ApiAnswer {
  status: number
  body: Record<string, unknown>
}

/** A person's browser: speaks HTTP to the API and keeps the cookies that it is given. */
export class Browser {
  readonly #apiUrl: string
  readonly #disturbance: Disturbance
  readonly cookies = new Map<string, string>()

  constructor(apiUrl: string, disturbance: Disturbance) {
    this.#apiUrl = apiUrl
    this.#disturbance = disturbance
  }

  /**
   * Sends one request.
   * @returns null when nothing is known of what became of it: the answer was cut off, or is the server's own failure.
   * That is a fault unless something was killed meanwhile.
   */
  async send(method: string, path: string, payload?: object): Promise<ApiAnswer | null> {
    const isDisturbed = this.#disturbance.watch()
    const answer = await this.#exchange(method, path, payload).catch((error: unknown) => String(error))
    const failure = typeof answer === 'string' ? answer : answer.status < 500 ? null : JSON.stringify(answer)
    if (typeof answer !== 'string' && failure === null) return answer
    if (!isDisturbed()) this.#disturbance.faults.push(`${method} ${path} failed undisturbed: ${failure}`)
    return null
  }

  async #exchange(method: string, path: string, payload?: object): Promise<ApiAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(`${this.#apiUrl}/api/v1${path}`, {
      method,
      headers: {
        cookie,
        'sec-fetch-site': 'same-origin',
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
      signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
    })
    const text = await answer.text()
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.cookies.set(name, value)
    }
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as ApiAnswer['body']) }
  }
}

/** What every activity is given. */
export interface ActivityPlace {
  apiUrl: string
  disturbance: Disturbance
}

/** Something that goes on through all rounds. */
export interface Activity {
  readonly flight: Flight
  /** How often it was told that something is done. */
  readonly acknowledged: number
  /** Ends it when what runs has ended. */
  stop: () => Promise<void>
}

/** How long somebody whose request failed waits before it is sent again. */
export const TRY_AGAIN_MS = 50
