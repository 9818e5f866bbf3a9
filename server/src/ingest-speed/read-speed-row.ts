import { Compile } from 'typebox/compile'
import { PingHour, SpeedTest, type SpeedDirection } from '../contract/index.ts'
import type { IdentifiedRow } from '../ingest/receipts.ts'
import { findShapeFault, hashRow, idOf, isRealInstant, isRecord, type PlacedFault } from '../ingest/row-shape.ts'

export type SpeedList = 'tests' | 'pings'

/** Where a row stands in its batch. */
interface RowPlace {
  list: SpeedList
  index: number
}

/** A row that has the right shape. */
export type SpeedRow = IdentifiedRow &
  RowPlace &
  ({ list: 'tests'; test: SpeedTest } | { list: 'pings'; ping: PingHour })

export type SpeedRowFault = RowPlace & PlacedFault & { id: string | null }

const HOUR_MS = 3_600_000
/** A speed may differ by so much from bytes over time: programs round, and read their clocks twice. */
const SPEED_TOLERANCE = 0.1

const testValidator = Compile(SpeedTest)
const pingValidator = Compile(PingHour)

function isConsistent({ bytes, duration_ms, kbps }: SpeedDirection): boolean {
  const computed = duration_ms === 0 ? 0 : (bytes * 8) / duration_ms
  return Math.abs(computed - kbps) <= Math.max(1, SPEED_TOLERANCE * computed)
}

/** What the schema cannot say of a test. */
function findTestContradiction(test: SpeedTest): PlacedFault | null {
  const { download, upload, cause, min_rtt_us } = test
  if (!isRealInstant(test.started_at)) return { place: '/started_at', fault: 'is no time of the calendar' }
  const isWhole = download !== null && upload !== null
  if (isWhole !== (cause === null)) return { place: '/cause', fault: 'does not go with the directions' }
  for (const name of ['download', 'upload'] as const) {
    const direction = test[name]
    if (direction !== null && !isConsistent(direction)) {
      return { place: `/${name}/kbps`, fault: 'does not go with bytes and duration_ms' }
    }
  }
  const longest_ms = Math.max(download?.duration_ms ?? 0, upload?.duration_ms ?? 0)
  if (isWhole && min_rtt_us !== null && min_rtt_us > longest_ms * 1000) {
    return { place: '/min_rtt_us', fault: 'is longer than the test itself' }
  }
  return test.retest_of === test.id ? { place: '/retest_of', fault: 'is the test itself' } : null
}

function findPingContradiction(ping: PingHour): PlacedFault | null {
  if (!isRealInstant(ping.hour_at)) return { place: '/hour_at', fault: 'is no time of the calendar' }
  if (Date.parse(ping.hour_at) % HOUR_MS !== 0) return { place: '/hour_at', fault: 'is not the start of an hour' }
  return ping.answered > ping.sent ? { place: '/answered', fault: 'is more than was sent' } : null
}

/** Judges one row by its shape alone. Nothing of a row that is not understood gets any further. */
export function readSpeedRow(list: SpeedList, row: unknown, index: number): SpeedRow | SpeedRowFault {
  const fail = ({ place, fault }: PlacedFault): SpeedRowFault => ({ list, index, id: idOf(row), place, fault })
  if (!isRecord(row)) return fail({ place: '/', fault: 'is not an object' })
  const shapeFault = findShapeFault(row, list === 'tests' ? testValidator : pingValidator)
  if (shapeFault !== null) return fail(shapeFault)
  const content_sha256 = hashRow(row)
  if (list === 'tests') {
    const test = row as unknown as SpeedTest
    const contradiction = findTestContradiction(test)
    return contradiction === null ? { list, index, id: test.id, content_sha256, test } : fail(contradiction)
  }
  const ping = row as unknown as PingHour
  const contradiction = findPingContradiction(ping)
  return contradiction === null ? { list, index, id: ping.id, content_sha256, ping } : fail(contradiction)
}
