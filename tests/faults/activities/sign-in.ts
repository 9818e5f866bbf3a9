import { setTimeout as delay } from 'node:timers/promises'
import { hashSecret } from '../../../server/src/access/secrets.ts'
import { SESSION_COOKIE } from '../../../server/src/plugins/own-cookies.ts'
import type { FaultAccount } from '../fault-region.ts'
import { Browser, TRY_AGAIN_MS, type Activity, type ActivityPlace } from './browser.ts'
import { Flight } from './flight.ts'

const BETWEEN_VISITS_MS = 50

/** A session that was acknowledged: the answer with its cookie arrived. */
export interface KnownSession {
  login: string
  secret: string
  secret_sha256: string
  /** leaving: told to end, and not yet told that it has. */
  state: 'open' | 'leaving' | 'left'
}

/** People who sign in, and every second of whom signs out again. */
export class SignInActivity implements Activity {
  readonly flight = new Flight()
  readonly sessions: KnownSession[] = []
  /** Sign-ins that were sent, by login: there cannot be more sessions. */
  readonly sent = new Map<string, number>()
  readonly refusals: string[] = []
  acknowledged = 0
  readonly #place: ActivityPlace
  readonly #browsers = new Map<string, Browser>()
  #isStopping = false
  #running: Promise<void> = Promise.resolve()

  constructor(place: ActivityPlace) {
    this.#place = place
  }

  /** Lets visitors come and go from now on. */
  begin(visitors: readonly FaultAccount[]): void {
    this.#running = this.#run(visitors)
  }

  async #run(visitors: readonly FaultAccount[]): Promise<void> {
    for (let visit = 0; !this.#isStopping; visit += 1) {
      const account = visitors[visit % visitors.length]
      if (account === undefined) return
      const session = await this.signIn(account)
      if (session !== null && visit % 2 === 1) await this.#signOut(session)
      await delay(session === null ? TRY_AGAIN_MS : BETWEEN_VISITS_MS)
    }
  }

  /** The browser of an account, which stays known to the server from its first sign-in on. */
  browserOf({ login }: { login: string }): Browser {
    const browser = this.#browsers.get(login) ?? new Browser(this.#place.apiUrl, this.#place.disturbance)
    this.#browsers.set(login, browser)
    return browser
  }

  /** Signs in once. @returns null when it was not acknowledged */
  async signIn({ login, password }: FaultAccount): Promise<KnownSession | null> {
    const browser = this.browserOf({ login })
    browser.cookies.delete(SESSION_COOKIE)
    this.sent.set(login, (this.sent.get(login) ?? 0) + 1)
    const answer = await this.flight.track(() => browser.send('POST', '/sign-in', { login, password }))
    if (answer === null) return null
    const secret = browser.cookies.get(SESSION_COOKIE)
    if (answer.status !== 204 || secret === undefined) {
      this.refusals.push(`sign-in of ${login} was refused: ${answer.status} ${JSON.stringify(answer.body)}`)
      return null
    }
    const session: KnownSession = { login, secret, secret_sha256: hashSecret(secret), state: 'open' }
    this.sessions.push(session)
    this.acknowledged += 1
    return session
  }

  /** Signs out, again and again until it is answered: who is no longer known then was signed out by an earlier try. */
  async #signOut(session: KnownSession): Promise<void> {
    session.state = 'leaving'
    const browser = this.browserOf(session)
    for (let tries = 1; !this.#isStopping; tries += 1) {
      const answer = await this.flight.track(() => browser.send('DELETE', '/session'))
      if (answer?.status === 204 || (answer?.status === 401 && tries > 1)) {
        session.state = 'left'
        this.acknowledged += 1
        return
      }
      if (answer !== null) {
        this.refusals.push(`sign-out of ${session.login} was refused: ${answer.status} ${JSON.stringify(answer.body)}`)
        return
      }
      await delay(TRY_AGAIN_MS)
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#running
  }
}
