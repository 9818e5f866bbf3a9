import type { MeasurementRecord, TicketKey } from '../contract/index.ts'
import type { NamedKey } from '../speed-tickets/ticket-token.ts'
import type { Delivery } from './record-delivery.ts'

/** Where the API is, and the token that this program speaks with. */
export interface ApiAccess {
  api_url: string
  token: string
}

const ANSWER_LIMIT_MS = 10_000
/** The API understood the records and will not take them later either. */
const FINAL_REFUSALS: ReadonlySet<number> = new Set([400, 413, 422])

/** The part of the API that a measurement server speaks with. */
export class ApiClient {
  readonly #access: ApiAccess
  readonly #onTrouble: (error: unknown) => void

  constructor(access: ApiAccess, onTrouble: (error: unknown) => void) {
    this.#access = access
    this.#onTrouble = onTrouble
  }

  /** The public key of tickets. @throws when the API does not give it */
  async fetchKey(): Promise<NamedKey> {
    const answer = await this.#ask('/api/v1/speed-tickets/key', null)
    if (!answer.ok) throw new Error(`The API answered ${answer.status} when asked for the key of tickets`)
    const { key_id, public_key } = (await answer.json()) as TicketKey
    return { key_id, key: public_key }
  }

  async sendRecords(records: readonly MeasurementRecord[]): Promise<Delivery> {
    try {
      const answer = await this.#ask('/api/v1/measurement-records', { records })
      if (answer.ok) return 'taken'
      this.#onTrouble(new Error(`The API answered ${answer.status} to records: ${await answer.text()}`))
      return FINAL_REFUSALS.has(answer.status) ? 'refused' : 'again'
    } catch (error) {
      this.#onTrouble(error)
      return 'again'
    }
  }

  /** @param payload to be posted; null: the path is read */
  #ask(path: string, payload: object | null): Promise<Response> {
    const { api_url, token } = this.#access
    const authorization = `Bearer ${token}`
    return fetch(new URL(path, api_url), {
      ...(payload === null
        ? { headers: { authorization } }
        : {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: JSON.stringify(payload),
          }),
      redirect: 'error',
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    })
  }
}
