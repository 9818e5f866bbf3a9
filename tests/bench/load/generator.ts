import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { createRandom, type Random } from '../../../collectors/src/demo-region/random.ts'
import { FRAME_READS, PAGE_MIX, type PageVisit } from './page-mix.ts'

/** What the generator is told in the file that its argument names. */
export interface LoadPlan {
  url: string
  /** One cookie header a person. */
  cookies: string[]
  /** What each person may open, in the same order. */
  places: { units: number[]; places: number[] }[]
  seconds: number
  /** Mean time between two pages of one person. */
  think_s: number
  seed: number
}

/** Durations of one kind of read, milliseconds. */
export interface RouteTimes {
  route: string
  times: number[]
  /** Answers that are neither 200 nor 304, and requests without an answer. */
  errors: number
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as LoadPlan
const agent = new Agent({ connections: 128 })
const routes = new Map<string, RouteTimes>()
const until = Date.now() + plan.seconds * 1000

function pick<T>(list: readonly T[], random: Random): T {
  const item = list[Math.floor(random.next() * list.length)]
  if (item === undefined) throw new Error('Nothing to pick from')
  return item
}

function pickPage(random: Random): PageVisit {
  let point = random.next() * PAGE_MIX.reduce((sum, page) => sum + page.weight, 0)
  return PAGE_MIX.find((page) => (point -= page.weight) < 0) ?? pick(PAGE_MIX, random)
}

async function read(path: string, route: string, cookie: string, etags: Map<string, string>): Promise<void> {
  const entry = routes.get(route) ?? { route, times: [], errors: 0 }
  routes.set(route, entry)
  const known = etags.get(path)
  const started = performance.now()
  try {
    const answer = await request(`${plan.url}/api/v1/${path}`, {
      dispatcher: agent,
      headers: { cookie, ...(known === undefined ? {} : { 'if-none-match': known }) },
    })
    await answer.body.dump({ limit: 100_000_000 })
    entry.times.push(performance.now() - started)
    const { etag } = answer.headers
    if (typeof etag === 'string') etags.set(path, etag)
    if (answer.statusCode !== 200 && answer.statusCode !== 304) entry.errors += 1
  } catch {
    entry.errors += 1
  }
}

/** One person: opens pages with pauses between them, and keeps what the browser would keep. */
async function visit(person: number): Promise<void> {
  const random = createRandom(plan.seed, `person ${person}`)
  const cookie = plan.cookies[person] ?? ''
  const { units, places } = plan.places[person] ?? { units: [], places: [] }
  const etags = new Map<string, string>()
  await delay(random.next() * plan.think_s * 1000)
  while (Date.now() < until) {
    const [unit, place] = [pick(units, random), pick(places, random)]
    const reads = [...FRAME_READS, ...pickPage(random).reads]
    await Promise.all(
      reads.map((route) => read(route.replace(':unit', `${unit}`).replace(':place', `${place}`), route, cookie, etags)),
    )
    await delay(-Math.log(1 - random.next()) * plan.think_s * 1000)
  }
}

await Promise.all(plan.cookies.map((_cookie, person) => visit(person)))
process.stdout.write(`${JSON.stringify([...routes.values()])}\n`)
await agent.close()
