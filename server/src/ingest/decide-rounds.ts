import { sql, type Insertable } from 'kysely'
import type { Provenance, SiteVerdict } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { DB } from '../db/schema.gen.ts'
import { isVote, judgeRound, type RoundProbe, type RoundVerdict } from '../domain/round-verdict.ts'
import { foldRound } from '../domain/site-state.ts'
import type { WorkRow } from './advance-work.ts'
import type { HourLedger } from './hour-ledger.ts'
import { takeFigures, takeVerdict, type SiteState } from './site-state-row.ts'
import type { AdmittedCheck, BatchStamp } from './store-measurements.ts'

/** Probes of a round may lie this far before the oldest row of the batch that ends it. */
const ROUND_SPAN_MS = 24 * 3_600_000

interface OpenRounds {
  org_unit_id: number
  target_id: string
  after: number
  up_to: number
}

/**
 * Rounds that are over: every vantage has gone on to a later one. A vantage that lags two rounds behind is not waited
 * for: its collector is silent.
 */
function findFinishedRounds(work: readonly WorkRow[], states: ReadonlyMap<string, SiteState>): OpenRounds[] {
  const byTarget = Map.groupBy(
    work.filter((row) => row.kind === 'site_check'),
    (row) => row.target_id,
  )
  return [...byTarget].flatMap(([target_id, rows]) => {
    const rounds = rows.map((row) => row.round_no)
    const up_to = Math.max(Math.min(...rounds) - 1, Math.max(...rounds) - 2)
    const after = states.get(target_id)?.last_round_no ?? 0
    const org_unit_id = rows[0]?.org_unit_id
    return org_unit_id === undefined || up_to <= after ? [] : [{ org_unit_id, target_id, after, up_to }]
  })
}

type StoredProbe = Omit<RoundProbe, 'checked_at'> & { target_id: string; round_no: number; checked_at: Date }

async function findProbes(tx: WriteExecutor, rounds: readonly OpenRounds[], since: number): Promise<StoredProbe[]> {
  if (rounds.length === 0) return []
  const { rows } = await sql<StoredProbe>`
    SELECT c.target_id, c.round_no, c.check_id, c.attempt, c.vantage, c.checked_at, c.verdict, c.cause, c.own_link
      FROM jsonb_to_recordset(${JSON.stringify(rounds)}::jsonb)
           AS r (org_unit_id bigint, target_id uuid, after bigint, up_to bigint)
      JOIN site_check c ON c.org_unit_id = r.org_unit_id AND c.target_id = r.target_id
       AND c.round_no > r.after AND c.round_no <= r.up_to
     WHERE c.checked_at >= ${new Date(since)} AND c.provenance = 'measured'`.execute(tx)
  return rows
}

function toVerdictRow(
  target: { org_unit_id: number; target_id: string },
  round_no: number,
  verdict: RoundVerdict,
  stamp: { change_set_no: number; provenance: Provenance },
): Insertable<DB['site_verdict']> {
  return {
    org_unit_id: target.org_unit_id,
    target_id: target.target_id,
    round_no,
    ...verdict,
    decided_at: new Date(verdict.decided_at),
    provenance: stamp.provenance,
    change_set_no: stamp.change_set_no,
  }
}

export interface DecisionParts {
  stamp: Pick<BatchStamp, 'change_set_no' | 'provenance' | 'vantage'>
  ledger: HourLedger
}

/**
 * Gives verdicts for the rounds that are over, folds them into the states (in place) and writes them down.
 * @returns the targets that got one
 */
export async function decideRounds(
  tx: WriteExecutor,
  checks: readonly AdmittedCheck[],
  work: readonly WorkRow[],
  states: ReadonlyMap<string, SiteState>,
  parts: DecisionParts,
): Promise<Set<string>> {
  const rounds = findFinishedRounds(work, states)
  const oldest = Math.min(...checks.map(({ check }) => Date.parse(check.started_at)))
  const probes = await findProbes(tx, rounds, oldest - ROUND_SPAN_MS)
  const byRound = Map.groupBy(probes, (probe) => `${probe.target_id}/${probe.round_no}`)
  const inOrder = [...byRound.values()].sort((a, b) => (a[0]?.round_no ?? 0) - (b[0]?.round_no ?? 0))
  const rows: Insertable<DB['site_verdict']>[] = []
  for (const group of inOrder) {
    const [first] = group
    const state = first === undefined ? undefined : states.get(first.target_id)
    const verdict = judgeRound(group.map((probe) => ({ ...probe, checked_at: probe.checked_at.getTime() })))
    if (first === undefined || state === undefined || verdict === null) continue
    rows.push(toVerdictRow(state, first.round_no, verdict, parts.stamp))
    const before =
      state.last_verdict_at === null || state.verdict === null
        ? null
        : { decided_at: state.last_verdict_at, verdict: state.verdict }
    parts.ledger.add(state, before, verdict)
    const round = { ...verdict, round_no: first.round_no }
    Object.assign(state, foldRound(state, round))
    takeVerdict(state, round)
  }
  await insertRows(tx, 'site_verdict', rows)
  return new Set(rows.map((row) => row.target_id))
}

async function findLastModelled(tx: WriteExecutor, checks: readonly AdmittedCheck[]) {
  const { rows } = await sql<{ target_id: string; decided_at: Date; verdict: SiteVerdict }>`
    SELECT DISTINCT ON (v.org_unit_id, v.target_id) v.target_id, v.decided_at, v.verdict
      FROM site_verdict v
     WHERE v.org_unit_id = ANY(${[...new Set(checks.map(({ check }) => check.org_unit_id))]}::bigint[]) AND v.round_no < 0
     ORDER BY v.org_unit_id, v.target_id, v.decided_at DESC`.execute(tx)
  return new Map(
    rows.map((row) => [row.target_id, { decided_at: row.decided_at.getTime(), verdict: row.verdict }] as const),
  )
}

/**
 * Modelled history: each row is a round of its own. It fills the timeline and the hours, and of the newest state only
 * what figures count (in place): what a site is like now rests on real probes alone. Rows of one target come in the order of time; one that comes
 * late, and one without an own link, stays a fact without a verdict.
 * @returns the targets whose state changed
 */
export async function decideModelled(
  tx: WriteExecutor,
  checks: readonly AdmittedCheck[],
  states: ReadonlyMap<string, SiteState>,
  parts: DecisionParts,
): Promise<Set<string>> {
  const last = await findLastModelled(tx, checks)
  const changed = new Set<string>()
  const rows = checks.flatMap((item) => {
    const { check, order } = item
    const state = states.get(check.target_id)
    if (state !== undefined && takeFigures(state, item)) changed.add(check.target_id)
    const decided_at = Date.parse(check.started_at)
    const verdict = { decided_at, verdict: check.verdict, cause: check.cause }
    const before = last.get(check.target_id) ?? null
    if (!isVote(check) || (before !== null && before.decided_at >= decided_at)) return []
    parts.ledger.add(check, before, verdict)
    last.set(check.target_id, verdict)
    if (state !== undefined && takeVerdict(state, { ...verdict, round_no: order.round_no }))
      changed.add(check.target_id)
    const round = { ...verdict, agreeing: 1, counted: 1, vantages: [parts.stamp.vantage] }
    return [toVerdictRow(check, order.round_no, round, parts.stamp)]
  })
  await insertRows(tx, 'site_verdict', rows)
  return changed
}
