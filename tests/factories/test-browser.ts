import type { FastifyInstance } from 'fastify'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

function someAddress(): string {
  return `10.${[0, 0, 0].map(() => Math.floor(Math.random() * 250)).join('.')}`
}

/** A browser: an address, and the cookies that it was given. */
export class TestBrowser {
  readonly cookies = new Map<string, string>()
  readonly #app: FastifyInstance
  readonly #address: string

  constructor(app: FastifyInstance, address = someAddress()) {
    this.#app = app
    this.#address = address
  }

  async send(method: Method, path: string, payload?: object) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await this.#app.inject({
      method,
      url: `/api/v1${path}`,
      remoteAddress: this.#address,
      headers: { cookie, 'sec-fetch-site': 'same-origin' },
      ...(payload === undefined ? {} : { payload }),
    })
    for (const { name, value } of answer.cookies) this.cookies.set(name, value)
    const body = answer.body === '' ? {} : answer.json<Record<string, unknown>>()
    return { status: answer.statusCode, code: body['code'], body }
  }

  async state(): Promise<unknown> {
    const { person } = (await this.send('GET', '/session')).body as { person: { state: string } | null }
    return person?.state ?? null
  }
}
