import type { CollectorHealth, CollectorIdentity, WitnessReport } from '@edumon/server/contract'
import type { Logger } from 'pino'
import type { ApiClient } from './api-client.ts'
import type { Segment, Spool } from './spool.ts'

export interface SubmitterParts {
  identity: CollectorIdentity
  api: ApiClient
  spool: Spool
  log: Logger
  witness: () => WitnessReport | null
  health: () => CollectorHealth
}

/** `empty`: nothing waits. `retry`: try later. `refused`: the server does not know us, stop. */
export type DrainOutcome = 'empty' | 'retry' | 'refused'

/** A segment that the server cannot read as a batch at all goes aside, or it would stop all behind it. */
async function setSegmentAside(parts: SubmitterParts, segment: Segment, reason: string): Promise<void> {
  parts.log.error({ reason, measurements: segment.measurements.length }, 'batch refused, set aside')
  await parts.spool.setAside(segment.measurements.map((measurement) => ({ measurement, reason })))
  await parts.spool.remove(segment)
}

/** Small files are sent together, so that what gathers while a request is under way goes with the next one. */
const FILES_TOGETHER = 200

/** Sends what waits, oldest first. A segment is deleted only when the server has answered for every row of it. */
export async function drainSpool(parts: SubmitterParts): Promise<DrainOutcome> {
  let max_files = FILES_TOGETHER
  for (;;) {
    const segment = await parts.spool.findOldest(max_files)
    const isAlone = max_files === 1
    max_files = FILES_TOGETHER
    if (segment === null) return 'empty'
    const answer = await parts.api.submit({
      collector: parts.identity,
      witness: parts.witness(),
      health: parts.health(),
      measurements: segment.measurements,
    })
    if (answer.ok) {
      const { accepted, duplicate, rejected } = answer.value
      const aside = rejected.map((row) => ({
        measurement: segment.measurements[row.index] ?? null,
        reason: `${row.code}: ${row.message}`,
      }))
      if (aside.length > 0)
        parts.log.warn({ rejected: aside.length, first: aside[0]?.reason }, 'rows rejected, set aside')
      await parts.spool.setAside(aside)
      await parts.spool.remove(segment)
      parts.log.info({ accepted, duplicate, rejected: aside.length }, 'batch answered')
    } else if (answer.problem === 'unreadable' && !isAlone && segment.names.length > 1) {
      // One file that the server cannot read must not take the others with it.
      max_files = 1
    } else if (answer.problem === 'unreadable') {
      await setSegmentAside(parts, segment, answer.detail)
    } else {
      parts.log.warn({ problem: answer.problem, detail: answer.detail }, 'batch not taken, kept')
      return answer.problem
    }
  }
}
