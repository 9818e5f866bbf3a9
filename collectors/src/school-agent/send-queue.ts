import { SPEED_TESTS_PER_BATCH, type PingHour, type SpeedTest } from '@edumon/server/contract'
import type { Logger } from 'pino'
import type { Segment, Spool } from '../core/spool.ts'
import type { AgentAnswer, AgentApi } from './agent-api.ts'

/** What waits in the queue: a row, and the list of the batch that it belongs to. */
export type QueuedRow = { list: 'tests'; row: SpeedTest } | { list: 'pings'; row: PingHour }

export interface SendParts {
  agent_id: string
  api: AgentApi
  spool: Spool
  log: Logger
}

/** How sending ended. `empty`: nothing waits any more. */
export type SendOutcome =
  | { kind: 'empty'; sent: number; set_aside: number }
  | { kind: 'later'; sent: number; set_aside: number; retry_after_s: number | null; detail: string }
  | { kind: 'refused'; sent: number; set_aside: number; detail: string }

interface Setting {
  measurement: unknown
  reason: string
}

function listOf(queued: readonly QueuedRow[], list: QueuedRow['list']): QueuedRow['row'][] {
  return queued.filter((item) => item.list === list).map((item) => item.row)
}

/** Rows that the answer rejects, with the reason. */
function rejectedRows(
  queued: readonly QueuedRow[],
  answer: AgentAnswer<{ rejected: readonly Rejected[] }> & { ok: true },
): Setting[] {
  return answer.value.rejected.map(({ list, index, code, message }) => ({
    measurement: listOf(queued, list)[index] ?? null,
    reason: `${code}: ${message}`,
  }))
}

interface Rejected {
  list: QueuedRow['list']
  index: number
  code: string
  message: string
}

async function finish({ spool, log }: SendParts, segment: Segment, aside: Setting[]): Promise<void> {
  if (aside.length > 0) log.warn({ rows: aside.length, first: aside[0]?.reason }, 'rows set aside')
  await spool.setAside(aside)
  await spool.remove(segment)
}

/** With few files first: while the server cannot be reached, the others need not be read. */
const FIRST_FILES = 10

/**
 * Sends what waits, oldest first, one request at a time. Rows leave the queue only when the server has answered for them:
 * taken ones are deleted, malformed ones are set aside with the reason and never sent again. When the server does not
 * know us, or cannot now, all stays as it is.
 */
export async function sendQueue(parts: SendParts): Promise<SendOutcome> {
  const done = { sent: 0, set_aside: 0 }
  let max_files = FIRST_FILES
  for (;;) {
    const segment = await parts.spool.findOldest(max_files)
    if (segment === null) return { kind: 'empty', ...done }
    const isAlone = segment.names.length === 1
    max_files = SPEED_TESTS_PER_BATCH
    const queued = segment.measurements as QueuedRow[]
    const answer = await parts.api.submit({
      agent_id: parts.agent_id,
      tests: listOf(queued, 'tests'),
      pings: listOf(queued, 'pings'),
    })
    if (answer.ok) {
      const aside = rejectedRows(queued, answer)
      await finish(parts, segment, aside)
      done.sent += queued.length - aside.length
      done.set_aside += aside.length
    } else if (answer.problem === 'unreadable') {
      // One row that the server cannot read at all must not take the others with it.
      if (!isAlone) max_files = 1
      else {
        await finish(
          parts,
          segment,
          queued.map(({ row }) => ({ measurement: row, reason: answer.detail })),
        )
        done.set_aside += queued.length
      }
    } else {
      const { detail } = answer
      parts.log.warn({ problem: answer.problem, detail }, 'batch not taken, kept')
      if (answer.problem === 'refused') return { kind: 'refused', ...done, detail }
      const retry_after_s = answer.problem === 'later' ? answer.retry_after_s : null
      return { kind: 'later', ...done, retry_after_s, detail }
    }
  }
}
