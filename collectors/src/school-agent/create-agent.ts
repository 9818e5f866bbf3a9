import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { SPEED_TESTS_PER_BATCH } from '@edumon/server/contract'
import packageFile from '../../package.json' with { type: 'json' }
import { openSpool } from '../core/spool.ts'
import type { Way } from '../speedtest/open-connection.ts'
import { runSpeedTest } from '../speedtest/run-test.ts'
import { SYSTEM_CLOCK } from '../speedtest/sleep-watch.ts'
import { createTrust, type Trust } from '../speedtest/trust.ts'
import { createAgentApi, type AgentApi } from './agent-api.ts'
import { StateFile } from './agent-state.ts'
import { SchoolAgent, type AgentParts } from './agent.ts'
import { proxyFor, type AgentConfig } from './config.ts'
import { describeContext, readSurroundings } from './context/read-context.ts'
import { ServerClock } from './server-clock.ts'

export const AGENT_VERSION = packageFile.version
const USER_AGENT = `Edumon-Agent/${AGENT_VERSION}`
/** For slow lines over radio and satellite. */
const STEP_MS = 20_000
const BUSY_WAIT_MS = 300_000
/** Years of tests, and little on any disk. */
const QUEUE_MAX_BYTES = 16_777_216
/** Two months: older tests the server would not take. */
const QUEUE_MAX_AGE_MS = 62 * 86_400_000

/** What all that speaks to the outside shares. */
export interface Outside {
  api: AgentApi
  clock: ServerClock
  measure: AgentParts['measure']
}

function readTrust(ca_file: string | null): Trust {
  return createTrust(ca_file === null ? [] : [readFileSync(ca_file, 'utf8')])
}

export function createOutside(config: AgentConfig): Outside {
  const trust = readTrust(config.ca_file)
  const clock = new ServerClock(SYSTEM_CLOCK)
  const wayTo = (url: URL, secureContext: Way['trust']): Way => ({
    proxy: proxyFor(url.hostname, config),
    trust: secureContext,
    step_ms: STEP_MS,
  })
  const api = createAgentApi({
    server: config.server,
    token: config.token,
    way: wayTo(config.server, trust.api),
    user_agent: USER_AGENT,
    onTime: (server_ms) => clock.sync(server_ms),
  })
  return {
    api,
    clock,
    measure: async (ticket, stop) => {
      const before = await readSurroundings()
      const outcome = await runSpeedTest(ticket, {
        way: wayTo(new URL(ticket.server_url), trust.measurement),
        user_agent: USER_AGENT,
        stop,
        busy_wait_ms: BUSY_WAIT_MS,
      })
      return { outcome, context: describeContext(before, await readSurroundings(), outcome) }
    },
  }
}

/** The agent of this computer, with everything that an earlier process left in its folder. */
export async function createAgent(
  config: AgentConfig,
  log: Logger,
): Promise<{ agent: SchoolAgent; parts: AgentParts }> {
  const file = await StateFile.open(config.data_dir)
  const outside = createOutside(config)
  const parts: AgentParts = {
    ...outside,
    org_unit_id: config.building_id,
    agent_version: AGENT_VERSION,
    spool: await openSpool(join(config.data_dir, 'queue'), log, {
      rows_per_file: SPEED_TESTS_PER_BATCH,
      gather_ms: 0,
      now: () => outside.clock.now(),
    }),
    file,
    log,
    lookAround: async () => {
      const now = await readSurroundings()
      return describeContext(now, now)
    },
    queue_max_bytes: QUEUE_MAX_BYTES,
    queue_max_age_ms: QUEUE_MAX_AGE_MS,
  }
  return { agent: new SchoolAgent(parts), parts }
}
