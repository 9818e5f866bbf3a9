import { sql, type RawBuilder } from 'kysely'
import type { WriteExecutor } from '../db/executor.ts'
import type { TestValidity } from '../domain/test-validity.ts'

/** The newest of one building. Times are milliseconds since the epoch; what was never heard is null. */
export interface SpeedState {
  org_unit_id: number
  last_tested_at: number | null
  last_test_id: string | null
  last_validity: TestValidity | null
  last_cause: string | null
  valid_tested_at: number | null
  valid_test_id: string | null
  download_kbps: number | null
  upload_kbps: number | null
  min_rtt_us: number | null
  heard_at: number | null
  agent_version: string | null
}

/** A test as the state keeps it. */
export interface StateTest {
  org_unit_id: number
  tested_at: Date
  test_id: string
  validity: TestValidity
  cause: string | null
  download_kbps: number | null
  upload_kbps: number | null
  min_rtt_us: number | null
  agent_version: string
}

const HOUR_MS = 3_600_000

function isNewer(at: number, id: string, known_at: number | null, known_id: string | null): boolean {
  return known_at === null || at > known_at || (at === known_at && id >= (known_id ?? ''))
}

/** Newest facts by building, whatever order they come in. */
export class SpeedStates {
  readonly #states = new Map<number, SpeedState>()

  #stateOf(org_unit_id: number): SpeedState {
    const known = this.#states.get(org_unit_id)
    if (known !== undefined) return known
    const made: SpeedState = {
      org_unit_id,
      ...{ last_tested_at: null, last_test_id: null, last_validity: null, last_cause: null },
      ...{ valid_tested_at: null, valid_test_id: null, download_kbps: null, upload_kbps: null, min_rtt_us: null },
      ...{ heard_at: null, agent_version: null },
    }
    this.#states.set(org_unit_id, made)
    return made
  }

  takeTest(test: StateTest): void {
    const state = this.#stateOf(test.org_unit_id)
    const { test_id, validity, cause, agent_version, download_kbps, upload_kbps, min_rtt_us } = test
    const at = test.tested_at.getTime()
    state.heard_at = Math.max(at, state.heard_at ?? at)
    if (isNewer(at, test_id, state.last_tested_at, state.last_test_id)) {
      const last = { last_tested_at: at, last_test_id: test_id, last_validity: validity, last_cause: cause }
      Object.assign(state, last, { agent_version })
    }
    if (validity === 'valid' && isNewer(at, test_id, state.valid_tested_at, state.valid_test_id)) {
      const measured = { download_kbps, upload_kbps, min_rtt_us }
      Object.assign(state, { valid_tested_at: at, valid_test_id: test_id, ...measured })
    }
  }

  takePings(hour: { org_unit_id: number; hour_at: Date; answered: number }): void {
    if (hour.answered === 0) return
    const state = this.#stateOf(hour.org_unit_id)
    const end = hour.hour_at.getTime() + HOUR_MS
    state.heard_at = Math.max(end, state.heard_at ?? end)
  }

  list(): SpeedState[] {
    return [...this.#states.values()].sort((a, b) => a.org_unit_id - b.org_unit_id)
  }
}

function isAtLeastAsNew(at: string, id: string): RawBuilder<boolean> {
  const key = (source: string) =>
    sql`(coalesce(${sql.ref(`${source}.${at}`)}, '-infinity'), ${sql.ref(`${source}.${id}`)})`
  return sql<boolean>`${key('excluded')} >= ${key('kept')}`
}

function takeIf(condition: RawBuilder<boolean>, columns: readonly string[]): RawBuilder<unknown> {
  return sql.join(
    columns.map(
      (column) =>
        sql`${sql.ref(column)} = CASE WHEN ${condition} THEN ${sql.ref(`excluded.${column}`)} ELSE ${sql.ref(`kept.${column}`)} END`,
    ),
  )
}

const LAST = ['last_tested_at', 'last_test_id', 'last_validity', 'last_cause', 'agent_version']
const VALID = ['valid_tested_at', 'valid_test_id', 'download_kbps', 'upload_kbps', 'min_rtt_us']

/** Lets newer facts take the place of the kept ones; older ones change nothing, in whatever order they are committed. */
export async function upsertSpeedStates(
  tx: WriteExecutor,
  states: readonly SpeedState[],
  change_set_no: number,
): Promise<void> {
  if (states.length === 0) return
  const instant = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
  const rows = states.map((state) => ({
    ...state,
    last_tested_at: instant(state.last_tested_at),
    valid_tested_at: instant(state.valid_tested_at),
    heard_at: instant(state.heard_at),
    change_set_no,
  }))
  await sql`
    INSERT INTO speed_state AS kept
    SELECT * FROM jsonb_populate_recordset(NULL::speed_state, ${JSON.stringify(rows)}::jsonb)
    ON CONFLICT (org_unit_id) DO UPDATE SET
      ${takeIf(isAtLeastAsNew('last_tested_at', 'last_test_id'), LAST)},
      ${takeIf(isAtLeastAsNew('valid_tested_at', 'valid_test_id'), VALID)},
      heard_at = greatest(kept.heard_at, excluded.heard_at),
      change_set_no = excluded.change_set_no`.execute(tx)
}
