import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

/** A real identity provider on loopback, with people whose claims a test may change. */
export interface TestIdentityProvider {
  issuer: string
  people: Map<string, Record<string, unknown>>
  close: () => Promise<void>
}

export const TEST_CLIENT = { client_id: 'edumon', client_secret: 'a secret of the client' }
const CLAIMS = ['name', 'preferred_username', 'groups', 'amr']

function listen(server: Server, name: string): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(`http://${name}:${(server.address() as AddressInfo).port}`)
    })
  })
}

/**
 * @param redirect_uri the one address that it sends people back to
 * @param name by which it is reached on loopback; to a browser `localhost` is another site than 127.0.0.1
 */
export async function startIdentityProvider(redirect_uri: string, name = '127.0.0.1'): Promise<TestIdentityProvider> {
  const server = createServer()
  const issuer = await listen(server, name)
  const people: TestIdentityProvider['people'] = new Map()
  const provider = new Provider(issuer, {
    clients: [{ ...TEST_CLIENT, redirect_uris: [redirect_uri] }],
    claims: { openid: ['sub'], profile: CLAIMS },
    cookies: { keys: ['a key of the test'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    pkce: { required: () => true },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => void answer(request, response))
  return {
    issuer,
    people,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}

/** A browser at the provider's pages: it keeps cookies and follows redirects until it is sent away from there. */
export class ProviderBrowser {
  readonly #cookies = new Map<string, string>()

  async #send(address: string, form?: Record<string, string>): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const body = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }
    const answer = await fetch(address, { ...body, redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return answer
  }

  /** Signs in and consents, or cancels. @returns the address that the provider sends the browser back to */
  async visit(address: string, login: string, is_cancelled = false): Promise<string> {
    const { origin } = new URL(address)
    let place = address
    for (let step = 0; step < 20; step += 1) {
      if (new URL(place).origin !== origin) return place
      let answer = await this.#send(place)
      if (answer.status === 200) {
        const page = await answer.text()
        if (is_cancelled) answer = await this.#send(`${place}/abort`)
        else {
          const prompt = page.includes('value="login"') ? 'login' : 'consent'
          answer = await this.#send(place, { prompt, login, password: 'any' })
        }
      }
      const next = answer.headers.get('location')
      if (next === null) throw new Error(`${place} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
      place = new URL(next, place).href
    }
    throw new Error('The provider led nowhere')
  }
}
