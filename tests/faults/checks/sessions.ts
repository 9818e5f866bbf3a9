import type { ReadExecutor } from '../../../server/src/db/executor.ts'
import { SESSION_COOKIE } from '../../../server/src/plugins/own-cookies.ts'
import { Browser, type ActivityPlace } from '../activities/browser.ts'
import type { KnownSession } from '../activities/sign-in.ts'
import { summarise, type Pledge } from './pledge.ts'

const TRIED = 5

/**
 * Every acknowledged session is stored, open or ended as was last acknowledged.
 * @param restored_at when the database was restored, which ends all sessions; null: it never was
 */
export async function checkSessions(db: ReadExecutor, pledge: Pledge, restored_at: Date | null): Promise<string[]> {
  const rows = await db.selectFrom('user_session').select(['secret_sha256', 'ended_at']).execute()
  const isEndedByRestore = (ended_at: Date | null) =>
    restored_at !== null && ended_at !== null && ended_at >= restored_at
  const endings = new Map(
    rows.map(({ secret_sha256, ended_at }) => [secret_sha256, isEndedByRestore(ended_at) ? null : ended_at]),
  )
  const revived = rows.filter(({ ended_at }) => restored_at !== null && ended_at === null)
  const name = ({ login, secret_sha256 }: KnownSession): string => `${login} ${secret_sha256.slice(0, 8)}`
  const lost = pledge.sessions.filter(({ secret_sha256 }) => !endings.has(secret_sha256))
  const ended = pledge.sessions.filter(
    ({ state, secret_sha256 }) => state === 'open' && endings.get(secret_sha256) instanceof Date,
  )
  const running = pledge.left.filter(({ secret_sha256 }) => endings.get(secret_sha256) === null)
  return [
    ...summarise('sessions lost', lost.map(name)),
    ...summarise('sessions ended by nobody', ended.map(name)),
    ...summarise('sessions running on after their sign-out', running.map(name)),
    ...summarise(
      'sessions revived by a restore',
      revived.map(({ secret_sha256 }) => secret_sha256.slice(0, 8)),
    ),
  ]
}

/** There are no more sessions of a person than sign-ins were sent. */
export async function checkSessionCount(db: ReadExecutor, sent: ReadonlyMap<string, number>): Promise<string[]> {
  const rows = await db
    .selectFrom('user_session as s')
    .innerJoin('app_user as u', 'u.user_id', 's.user_id')
    .where('s.user_agent', '<>', 'test')
    .groupBy('u.login')
    .select((eb) => ['u.login', eb.fn.countAll<number>().as('sessions')])
    .execute()
  const doubled = rows.filter(({ login, sessions }) => sessions > (sent.get(login) ?? 0))
  return summarise(
    'people with more sessions than sign-ins',
    doubled.map(({ login }) => login),
  )
}

async function askWho(session: KnownSession, place: ActivityPlace): Promise<string | null | undefined> {
  const browser = new Browser(place.apiUrl, place.disturbance)
  browser.cookies.set(SESSION_COOKIE, session.secret)
  const answer = await browser.send('GET', '/session')
  if (answer === null) return undefined
  const person = answer.body['person'] as { login: string } | null
  return person?.login ?? null
}

/** The newest sessions, tried at the API: who is signed in is known, who has left is not. */
export async function trySessions(pledge: Pledge, place: ActivityPlace): Promise<string[]> {
  const open = pledge.sessions.filter(({ state }) => state === 'open').slice(-TRIED)
  const faults: string[] = []
  for (const session of [...open, ...pledge.left.slice(-TRIED)]) {
    const login = await askWho(session, place)
    if (session.state === 'open' && login !== session.login) faults.push(`${session.login} is ${login ?? 'nobody'}`)
    if (session.state === 'left' && login !== null) faults.push(`${session.login} is still signed in`)
  }
  return summarise('sessions do not hold at the API', faults)
}
