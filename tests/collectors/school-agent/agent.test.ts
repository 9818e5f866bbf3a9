import { describe, expect, it } from 'vitest'
import { SchoolAgent } from '../../../collectors/src/school-agent/agent.ts'
import { openScene, outcomeOf, type Scene } from './agent-scene.ts'
import { BUILDING, makePlan } from './school-server.ts'

const BEGIN = '2026-10-14T04:00:00Z'
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const NEVER = new AbortController().signal

const at = (offset_ms: number): string => new Date(Date.parse(BEGIN) + offset_ms).toISOString()

/** Lets time pass in steps, and does what is due after each. */
async function live({ clock }: Scene, agent: SchoolAgent, for_ms: number, step_ms = MINUTE_MS): Promise<void> {
  for (let passed = 0; passed < for_ms; passed += step_ms) {
    clock.pass(step_ms)
    await agent.step(NEVER)
  }
}

async function withScene(kbps: number | (() => number), work: (scene: Scene) => Promise<void>): Promise<void> {
  const scene = await openScene(BEGIN, () => Promise.resolve(outcomeOf(typeof kbps === 'number' ? kbps : kbps())))
  try {
    await work(scene)
  } finally {
    await scene.close()
  }
}

describe('a school agent', () => {
  it('tests at the times of the plan, each once, and sends what it found', () =>
    withScene(90_000, async (scene) => {
      scene.server.plan = makePlan([at(10 * MINUTE_MS), at(40 * MINUTE_MS)])
      const { agent } = await scene.restart()
      await live(scene, agent, 60 * MINUTE_MS)
      expect(scene.server.tests).toMatchObject([
        { org_unit_id: BUILDING, cause: null, ticket_id: scene.server.tickets[0], download: { kbps: 90_000 } },
        { org_unit_id: BUILDING, cause: null, ticket_id: scene.server.tickets[1] },
      ])
      const began = Date.parse(scene.server.tests[0]?.started_at ?? '')
      expect(Math.abs(began - Date.parse(at(10 * MINUTE_MS)))).toBeLessThan(2 * MINUTE_MS)
    }))

  it('confirms a low result once, after a pause, and names the result that it confirms', () =>
    withScene(20_000, async (scene) => {
      scene.server.plan = makePlan([at(10 * MINUTE_MS)])
      for (const building of scene.server.plan.buildings) building.low_below_kbps = 50_000
      const { agent } = await scene.restart()
      await live(scene, agent, 120 * MINUTE_MS)
      const [low, again] = scene.server.tests
      expect(scene.server.tests).toHaveLength(2)
      expect([low?.retest_of, again?.retest_of]).toEqual([null, low?.id])
      const pause_ms = Date.parse(again?.started_at ?? '') - Date.parse(low?.started_at ?? '')
      expect(pause_ms).toBeGreaterThanOrEqual(300_000 - 2_000)
      expect(pause_ms).toBeLessThan(1_500_000 + 2 * MINUTE_MS)
    }))

  it('waits with a test while there is no ticket, and leaves it out when it has become too late', () =>
    withScene(90_000, async (scene) => {
      scene.server.plan = makePlan([at(10 * MINUTE_MS), at(60 * MINUTE_MS)])
      const { agent } = await scene.restart()
      const busy = { status: 429, headers: { 'retry-after': '30' }, body: '{"code":"EDU_TICKETS_TAKEN"}' }
      scene.server.spoil = (path) =>
        path === '/api/v1/speed-tickets' && scene.clock.true() < Date.parse(at(65 * MINUTE_MS)) ? busy : null
      await live(scene, agent, 90 * MINUTE_MS)
      expect(scene.server.tests.map(({ started_at }) => started_at > at(65 * MINUTE_MS))).toEqual([true])
    }))

  it('sums the pings of each hour, also over a restart in the middle of it', () =>
    withScene(90_000, async (scene) => {
      scene.server.plan = makePlan([], { ping_interval_s: 600 })
      const { agent } = await scene.restart()
      await live(scene, agent, 30 * MINUTE_MS)
      scene.server.spoil = (path) => (path === '/api/v1/health' ? { status: 500 } : null)
      await live(scene, (await scene.restart()).agent, 32 * MINUTE_MS)
      expect(scene.server.pings).toHaveLength(1)
      const [hour] = scene.server.pings
      expect(hour).toMatchObject({ hour_at: at(0), org_unit_id: BUILDING })
      expect(hour?.answered).toBe(3)
      expect(hour?.sent).toBeGreaterThanOrEqual(6)
    }))

  it(
    'loses nothing in a month without network, goes on by its last plan, and then delivers all in order',
    () =>
      withScene(90_000, async (scene) => {
        const days = Array.from({ length: 30 }, (_, day) =>
          [2, 5, 8].map((hour) => at(day * DAY_MS + hour * 60 * MINUTE_MS)),
        )
        scene.server.plan = makePlan(days.flat())
        let { agent, parts } = await scene.restart()
        await live(scene, agent, MINUTE_MS)
        await scene.server.stop()
        for (let week = 0; week < 4; week += 1) {
          await live(scene, agent, 7 * DAY_MS, 10 * MINUTE_MS)
          ;({ agent, parts } = await scene.restart())
        }
        expect(parts.spool.size().measurements).toBeGreaterThan(28 * 26)
        await scene.server.start()
        await live(scene, agent, 3 * 60 * MINUTE_MS)
        expect(parts.spool.size().measurements).toBe(0)
        const unreached = scene.server.tests.filter(({ cause }) => cause === 'connection_refused')
        expect(unreached).toHaveLength(28 * 3)
        expect(unreached.every(({ ticket_id }) => ticket_id === null)).toBe(true)
        const times = scene.server.tests.map(({ started_at }) => started_at)
        expect(times).toEqual(times.toSorted())
        const hours = scene.server.pings.map(({ hour_at }) => hour_at)
        expect(hours).toEqual([...new Set(hours)].toSorted())
        expect(hours.length).toBeGreaterThanOrEqual(28 * 24)
        expect(scene.server.reused).toBe(0)
      }),
    120_000,
  )

  it('keeps its queue and its pace when the clock jumps, and dates its tests by the server', () =>
    withScene(90_000, async (scene) => {
      scene.server.plan = makePlan([10, 40, 70, 100].map((minutes) => at(minutes * MINUTE_MS)))
      const { agent, parts } = await scene.restart()
      await live(scene, agent, 20 * MINUTE_MS)
      scene.server.spoil = (path) => (path === '/api/v1/speed-tests' ? { status: 503 } : null)
      scene.clock.wrong_by = 365 * DAY_MS
      await live(scene, agent, 30 * MINUTE_MS)
      scene.clock.wrong_by = -20 * 365 * DAY_MS
      await live(scene, agent, 100 * MINUTE_MS)
      scene.server.spoil = () => null
      await live(scene, agent, 60 * MINUTE_MS)
      expect(parts.file.state.dropped).toBe(0)
      expect(parts.spool.size().measurements).toBe(0)
      const times = scene.server.tests.map(({ started_at }) => started_at)
      expect(times).toEqual(times.toSorted())
      expect(times.length).toBeGreaterThan(1)
      expect(new Set(times.map((time) => time.slice(0, 10)))).toEqual(new Set([BEGIN.slice(0, 10)]))
      expect(agent.faults.has('clock_wrong')).toBe(true)
    }))

  it('stops when the school is not known any more, keeps all, and goes on when it is known again', () =>
    withScene(90_000, async (scene) => {
      scene.server.plan = makePlan([at(10 * MINUTE_MS), at(40 * MINUTE_MS), at(300 * MINUTE_MS)])
      const { agent, parts } = await scene.restart()
      const refused = { status: 401, body: '{"code":"EDU_UNAUTHENTICATED"}' }
      scene.server.spoil = (path) => (path === '/api/v1/health' ? null : refused)
      await live(scene, agent, MINUTE_MS)
      expect(agent.faults.has('token_refused')).toBe(true)
      scene.server.spoil = () => null
      await live(scene, agent, 320 * MINUTE_MS)
      expect(agent.faults.has('token_refused')).toBe(false)
      expect(scene.server.tests.length).toBeGreaterThan(0)
      expect(parts.spool.size().measurements).toBe(0)
    }))

  it('drops the oldest when the queue is full, counts it, and keeps the newest', () =>
    withScene(90_000, async (scene) => {
      const times = Array.from({ length: 12 }, (_, i) => at((10 + 20 * i) * MINUTE_MS))
      scene.server.plan = makePlan(times)
      const { parts } = await scene.restart()
      const agent = new SchoolAgent({ ...parts, queue_max_bytes: 3_000 })
      scene.server.spoil = (path) => (path === '/api/v1/speed-tests' ? { status: 503 } : null)
      await live(scene, agent, 260 * MINUTE_MS)
      expect(parts.spool.size().bytes).toBeLessThanOrEqual(3_000)
      const { dropped } = parts.file.state
      expect(dropped).toBeGreaterThan(5)
      scene.server.spoil = () => null
      await live(scene, agent, 60 * MINUTE_MS)
      expect(Date.parse(scene.server.tests.at(-1)?.started_at ?? '')).toBeGreaterThanOrEqual(
        Date.parse(at(230 * MINUTE_MS)),
      )
    }))
})
