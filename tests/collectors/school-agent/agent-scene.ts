import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { SPEED_TESTS_PER_BATCH, type SpeedTest } from '@edumon/server/contract'
import { pino } from 'pino'
import { openSpool, type Spool } from '../../../collectors/src/core/spool.ts'
import { createAgentApi } from '../../../collectors/src/school-agent/agent-api.ts'
import { StateFile } from '../../../collectors/src/school-agent/agent-state.ts'
import { SchoolAgent, type AgentParts } from '../../../collectors/src/school-agent/agent.ts'
import { describeContext } from '../../../collectors/src/school-agent/context/read-context.ts'
import { ServerClock } from '../../../collectors/src/school-agent/server-clock.ts'
import { SchoolServer, TOKEN } from './school-server.ts'

export const SILENT = pino({ level: 'silent' })
export const NOWHERE = { link: null, traffic: null, power: 'unknown' } as const

/** A clock that a test moves: the one that only grows, and the one that the computer shows. */
export class MovedClock {
  #monotonic = 1_000
  /** How far the computer's clock is from the true time, milliseconds. */
  wrong_by = 0
  readonly #begin: number

  constructor(begin: string) {
    this.#begin = Date.parse(begin)
  }

  true = (): number => this.#begin + this.#monotonic
  wall = (): number => this.true() + this.wrong_by
  monotonic = (): number => this.#monotonic
  pass(ms: number): void {
    this.#monotonic += ms
  }
}

/** What a test finds, as if the line had this speed. */
export const outcomeOf = (kbps: number) => ({
  outcome: {
    download: { bytes: kbps * 1250, duration_ms: 10_000, kbps },
    upload: { bytes: kbps * 1250, duration_ms: 10_000, kbps },
    min_rtt_us: 9_000,
    cause: null,
    detail: null,
    address_family: 'ipv4' as const,
    through_proxy: false,
  },
  context: describeContext(NOWHERE, NOWHERE),
})

export interface Scene {
  server: SchoolServer
  clock: MovedClock
  folder: string
  /** A new process of the agent on the same folder. */
  restart: () => Promise<{ agent: SchoolAgent; parts: AgentParts }>
  close: () => Promise<void>
}

export function makeTest(changes: Partial<SpeedTest> = {}): SpeedTest {
  return {
    id: crypto.randomUUID(),
    org_unit_id: 7,
    method: 'agent',
    started_at: '2026-10-14T06:00:00.000Z',
    ticket_id: null,
    download: null,
    upload: null,
    min_rtt_us: null,
    cause: 'no_network',
    retest_of: null,
    context: describeContext(NOWHERE, NOWHERE),
    agent_version: 'test',
    ...changes,
  }
}

export async function openTestSpool(folder: string, now?: () => number): Promise<Spool> {
  return openSpool(folder, SILENT, {
    rows_per_file: SPEED_TESTS_PER_BATCH,
    gather_ms: 0,
    ...(now === undefined ? {} : { now }),
  })
}

export function apiTo(server: SchoolServer, onTime: (server_ms: number) => void = () => undefined, token = TOKEN) {
  const way = { proxy: null, trust: createSecureContext(), step_ms: 2_000 }
  return createAgentApi({ server: new URL(server.url), token, way, user_agent: 'Edumon-Agent/test', onTime })
}

/** A school's computer with a clock that is moved by hand; the line's speed is given, all else is real. */
export async function openScene(begin: string, measure: AgentParts['measure']): Promise<Scene> {
  const server = new SchoolServer()
  const clock = new MovedClock(begin)
  const folder = mkdtempSync(join(tmpdir(), 'edumon-agent-'))
  server.now = clock.true
  await server.start()
  return {
    server,
    clock,
    folder,
    restart: async () => {
      const server_clock = new ServerClock(clock)
      const parts: AgentParts = {
        org_unit_id: null,
        agent_version: 'test',
        api: apiTo(server, (server_ms) => server_clock.sync(server_ms)),
        spool: await openTestSpool(join(folder, 'queue'), () => server_clock.now()),
        file: await StateFile.open(folder),
        clock: server_clock,
        log: SILENT,
        measure,
        lookAround: () => Promise.resolve(describeContext(NOWHERE, NOWHERE)),
        queue_max_bytes: 16_777_216,
        queue_max_age_ms: 62 * 86_400_000,
      }
      return { agent: new SchoolAgent(parts), parts }
    },
    close: async () => {
      await server.stop()
      rmSync(folder, { recursive: true })
    },
  }
}
