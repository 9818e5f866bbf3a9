import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { AgentPlan, Ticket } from '@edumon/server/contract'
import { pause } from '../../core/pause.ts'
import { SchoolAgent, type AgentParts } from '../../school-agent/agent.ts'
import type { AgentConfig } from '../../school-agent/config.ts'
import { createAgent, createOutside } from '../../school-agent/create-agent.ts'
import type { Line } from '../lines/plan-lines.ts'
import { readAgentsConfig, type AgentsConfig } from './config.ts'
import { densify, type Turn } from './dense-plan.ts'
import { openFilteredLine, openShapedLine, type ShapedLine } from './shaped-line.ts'

const ASK_AGAIN_MS = 2_000

/** A building that an agent of ours stands in. */
interface Post {
  org_unit_id: number
  token: string
  line: Line
}

function agentConfig({ api_url, data }: AgentsConfig, token: string, building_id: number | null): AgentConfig {
  return {
    ...{ server: api_url, token, building_id, data_dir: join(data, 'agents', `${building_id ?? 'plan'}`) },
    ...{ proxy: null, is_proxy_stated: true, no_proxy: [], ca_file: null, page_port: 0 },
  }
}

/** The plan of one school, once the API gives it; null when told to stop before. */
async function awaitPlan(config: AgentsConfig, token: string, stop: AbortSignal): Promise<AgentPlan | null> {
  const { api } = createOutside(agentConfig(config, token, null))
  while (!stop.aborted) {
    const answer = await api.getPlan()
    if (answer.ok) return answer.value
    await pause(ASK_AGAIN_MS, stop)
  }
  return null
}

async function findPosts(config: AgentsConfig, stop: AbortSignal): Promise<Post[]> {
  const lines = JSON.parse(readFileSync(join(config.data, 'lines.json'), 'utf8')) as Line[]
  const posts: Post[] = []
  for (const [inn, token] of config.tokens) {
    const plan = await awaitPlan(config, token, stop)
    for (const { name, org_unit_id } of plan?.buildings ?? []) {
      const line = lines.find((known) => known.inn === inn && known.short_name === name)
      if (line?.is_live === true) posts.push({ org_unit_id, token, line })
    }
  }
  return posts
}

/** The line between one building and the measurement server; opened when the first ticket names the server. */
class LineToServer {
  readonly #truth: Line
  #open: Promise<ShapedLine> | null = null

  constructor(truth: Line) {
    this.#truth = truth
  }

  #begin({ hostname, port }: URL): Promise<ShapedLine> {
    const { fate, speed_kbps } = this.#truth
    if (fate === 'filtered' || speed_kbps === null) return openFilteredLine()
    return openShapedLine({ host: hostname, port: Number(port) }, speed_kbps)
  }

  /** The ticket with this end of the line in the server's place. */
  async lead(ticket: Ticket): Promise<Ticket> {
    const server_url = new URL(ticket.server_url)
    this.#open ??= this.#begin(server_url)
    server_url.hostname = '127.0.0.1'
    server_url.port = `${(await this.#open).port}`
    return { ...ticket, server_url: server_url.href.replace(/\/$/, '') }
  }

  async close(): Promise<void> {
    await (await this.#open)?.close()
  }
}

/** Runs one agent until told to stop: the school's own program, on a line of ours and at the demo's times. */
async function runPost(config: AgentsConfig, { line, org_unit_id, token }: Post, turn: Turn, stop: AbortSignal) {
  const log = pino({ level: 'error', base: { agent: org_unit_id } })
  const { parts } = await createAgent(agentConfig(config, token, org_unit_id), log)
  const road = new LineToServer(line)
  const shaped: AgentParts = {
    ...parts,
    api: {
      ...parts.api,
      getPlan: async () => {
        const answer = await parts.api.getPlan()
        return answer.ok ? { ok: true, value: densify(answer.value, turn) } : answer
      },
    },
    measure: async (ticket, end) => parts.measure(await road.lead(ticket), end),
  }
  try {
    await new SchoolAgent(shaped).run(stop)
  } finally {
    await road.close()
  }
}

/** Command `agents`: many agents of schools in one process, each behind a line of its own speed. */
export async function runAgents(argv: string[]): Promise<void> {
  const config = readAgentsConfig(argv)
  const end = new AbortController()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort())
  const posts = await findPosts(config, end.signal)
  const started_ms = Date.now()
  await Promise.all(
    posts.map((post, place) => runPost(config, post, { started_ms, place, of: posts.length }, end.signal)),
  )
}
