import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { DEMO_ACCOUNTS } from '../../../server/src/access/demo-accounts.ts'
import { SESSION_COOKIE } from '../../../server/src/plugins/own-cookies.ts'
import { signInToDemo } from '../../factories/demo-session.ts'
import type { LoadPlan, RouteTimes } from './generator.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** Mean time between two pages of one person. */
export const THINK_S = 10

export interface Person {
  cookie: string
  places: LoadPlan['places'][number]
}

async function readIds(url: string, cookie: string, path: string): Promise<number[]> {
  const answer = await fetch(`${url}/api/v1/${path}`, { headers: { cookie } })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`)
  const { rows } = (await answer.json()) as { rows: { org_unit_id: number; kind: string }[] }
  return rows.filter(({ kind }) => kind !== 'region').map(({ org_unit_id }) => org_unit_id)
}

/** Sessions of the demo's accounts in turn; everybody opens what the account may see. */
export async function signInAll(url: string, sessions: number): Promise<Person[]> {
  const accounts = DEMO_ACCOUNTS.filter(({ role }) => role !== 'administrator')
  const people: Person[] = []
  const seen = new Map<string, Person['places']>()
  for (let turn = 0; turn < sessions; turn += 1) {
    const { login } = accounts[turn % accounts.length] ?? { login: 'ministry' }
    const cookie = `${SESSION_COOKIE}=${await signInToDemo(url, login)}`
    const units = seen.get(login)?.units ?? (await readIds(url, cookie, 'org-units'))
    const territories = seen.get(login)?.places ?? (await readIds(url, cookie, 'territories'))
    const places = { units, places: territories.length > 0 ? territories : units }
    seen.set(login, places)
    people.push({ cookie, places })
  }
  return people
}

/** Lets the people read pages for so long, from a process of its own that keeps its plan in `folder`. */
export async function generate(
  url: string,
  people: readonly Person[],
  seconds: number,
  folder: string,
): Promise<RouteTimes[]> {
  const plan: LoadPlan = {
    url,
    cookies: people.map(({ cookie }) => cookie),
    places: people.map(({ places }) => places),
    seconds,
    think_s: THINK_S,
    seed: 1,
  }
  const file = join(folder, 'plan.json')
  writeFileSync(file, JSON.stringify(plan))
  const child = spawn(process.execPath, ['tests/bench/load/generator.ts', file], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await text(child.stdout)) as RouteTimes[]
}

/** Of times in rising order; 0 for none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0
}
