import type { Kysely } from 'kysely'
import type { Batch, BatchAnswer, Provenance, WorkingDayCalendar } from '../contract/index.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import { openChangeSet } from '../db/change-set.ts'
import { listDatedStatuses } from '../db/dated-statuses.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { findNextRoundAt, localHourOf, type CheckIntervals } from '../domain/schedule.ts'
import { admitRows, type Admission, type AdmittedRow } from './admit-rows.ts'
import { advanceAudits, advanceChecks, lockWork, updateWork, type WorkRow, type WorkTiming } from './advance-work.ts'
import { annulDoubtful } from './annul-incidents.ts'
import { decideModelled, decideRounds } from './decide-rounds.ts'
import { HourLedger } from './hour-ledger.ts'
import { readRow } from './read-row.ts'
import { writeSections } from './site-sections.ts'
import {
  emptyState,
  findStates,
  takeAudit,
  takeCheck,
  takeFigures,
  upsertStates,
  type SiteState,
} from './site-state-row.ts'
import { splitByKind, storeMeasurements, storePageCopies, type BatchStamp } from './store-measurements.ts'
import { updateIncidents } from './update-incidents.ts'

const MODELLED_HOUR_CAP_S = 2 * 3600

/** What the rules of taking in depend on besides the batch. */
export interface IngestSettings {
  accept_days: number
  time_zone: string
  schedule: CheckIntervals & Omit<WorkTiming, 'now'> & { rounds_to_open: number; rounds_to_close: number }
  calendar: WorkingDayCalendar
}

interface Moment {
  now: number
  settings: IngestSettings
}

async function loadStates(tx: WriteExecutor, rows: readonly AdmittedRow[]): Promise<Map<string, SiteState>> {
  const states = await findStates(
    tx,
    rows.map((row) => row.measurement),
  )
  for (const { measurement } of rows) {
    const { target_id, org_unit_id } = measurement
    if (!states.has(target_id)) states.set(target_id, emptyState(org_unit_id, target_id))
  }
  return states
}

function planNextRounds(finished: readonly WorkRow[], states: ReadonlyMap<string, SiteState>, moment: Moment): void {
  const { schedule, time_zone, calendar } = moment.settings
  for (const row of finished) {
    const state = states.get(row.target_id)
    const isFailing = state !== undefined && (state.failed_rounds > 0 || state.incident_id !== null)
    row.due_at = new Date(findNextRoundAt(moment.now, isFailing, schedule, time_zone, calendar))
  }
}

/** Everything that follows from new probes: work goes on, rounds get verdicts, states and incidents change. */
async function drawConclusions(
  tx: WriteExecutor,
  rows: readonly AdmittedRow[],
  stamp: BatchStamp,
  moment: Moment,
): Promise<void> {
  const { settings, now } = moment
  const { checks, audits } = splitByKind(rows)
  const statuses = await listDatedStatuses(tx, {
    org_unit_ids: [...new Set(rows.map((row) => row.measurement.org_unit_id))],
  })
  const isModelled = stamp.provenance === 'modelled'
  const cap_s = isModelled ? MODELLED_HOUR_CAP_S : 2 * settings.schedule.other_hours_interval_s
  const ledger = new HourLedger(settings.time_zone, cap_s, statuses)
  if (isModelled) {
    const states = await loadStates(tx, rows)
    const changed = await decideModelled(tx, checks, states, { stamp, ledger })
    const written = [...states.values()].filter((state) => changed.has(state.target_id))
    await upsertStates(tx, written, stamp.change_set_no)
    await ledger.write(tx, stamp)
    return
  }
  const timing = { ...settings.schedule, now }
  const work = await lockWork(tx, [...new Set(rows.map((row) => row.measurement.target_id))])
  const advanced = advanceChecks(work, checks, timing)
  const auditWork = advanceAudits(work, audits, timing)
  const states = await loadStates(tx, rows)
  for (const item of checks) {
    takeOver(states, item.check.target_id, (state) => {
      takeCheck(state, item)
      takeFigures(state, item)
    })
  }
  for (const audit of audits) takeOver(states, audit.target_id, (state) => takeAudit(state, audit))
  const decided =
    checks.length > 0 ? await decideRounds(tx, checks, work, states, { stamp, ledger }) : new Set<string>()
  await ledger.write(tx, stamp)
  await upsertStates(tx, [...states.values()], stamp.change_set_no)
  if (audits.length > 0) {
    const audited = [...new Set(audits.map((audit) => audit.org_unit_id))]
    await writeSections(tx, audited, stamp.change_set_no)
  }
  const today = localHourOf(now, settings.time_zone).local_day
  const isExcluded = (orgUnitId: number): boolean => ledger.isExcluded(orgUnitId, today)
  const { rounds_to_open, rounds_to_close } = settings.schedule
  const { change_set_no } = stamp
  const judged = [...states.values()].filter((state) => decided.has(state.target_id))
  await updateIncidents(tx, judged, { rounds_to_open, rounds_to_close, change_set_no, now, isExcluded })
  await annulDoubtful(
    tx,
    checks.map(({ check }) => check),
    { vantage: stamp.vantage, change_set_no, now },
  )
  planNextRounds(advanced.finished, states, moment)
  await updateWork(tx, [...advanced.rows, ...auditWork])
}

function takeOver(states: ReadonlyMap<string, SiteState>, targetId: string, change: (state: SiteState) => void): void {
  const state = states.get(targetId)
  if (state !== undefined) change(state)
}

async function insertReport(tx: WriteExecutor, batch: Batch, admission: Admission, now: number): Promise<void> {
  const { collector, witness, health } = batch
  await tx
    .insertInto('collector_report')
    .values({
      collector: collector.name,
      vantage: collector.vantage,
      version: collector.version,
      reported_at: new Date(now),
      event_loop_p999_ms: health?.event_loop_p999_ms ?? null,
      spooled: health?.spooled ?? null,
      memory_mb: health?.memory_mb ?? null,
      witnesses: witness?.witnesses ?? null,
      witnesses_reachable: witness?.reachable ?? null,
      accepted: admission.admitted.length,
      duplicate: admission.duplicate,
      rejected: admission.rejected.length,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

async function auditBatch(
  tx: WriteExecutor,
  batch: Batch,
  admission: Admission,
  change_set_no: number | null,
  by: AuditAuthor,
): Promise<void> {
  const { name, vantage, version } = batch.collector
  const { admitted, duplicate, rejected } = admission
  await insertAuditEvent(tx, {
    by: { ...by, actor: `collector ${name}` },
    category: 'data',
    action: 'take_in_batch',
    subject: `vantage ${vantage}`,
    change_set_no,
    detail: { version, accepted: admitted.length, duplicate, rejected: rejected.length },
  })
}

async function writeAdmitted(
  tx: WriteExecutor,
  batch: Batch,
  admitted: readonly AdmittedRow[],
  provenance: Provenance,
  moment: Moment,
): Promise<number> {
  const { name, vantage, version } = batch.collector
  await storePageCopies(tx, admitted)
  const summary = `${admitted.length} measurements from ${vantage}`
  const { change_set_no } = await openChangeSet(tx, { kind: 'batch', actor: `collector ${name}`, summary })
  const stamp: BatchStamp = { vantage, collector_version: version, provenance, change_set_no }
  await storeMeasurements(tx, admitted, stamp)
  await drawConclusions(tx, admitted, stamp, moment)
  return change_set_no
}

/**
 * Takes in one batch: all that is accepted of it, and all that follows, in one transaction and one change set. When the
 * answer is lost, the same batch sent again is answered with duplicates. An empty batch is a heartbeat.
 */
export async function ingestBatch(
  db: Kysely<DB>,
  batch: Batch,
  settings: IngestSettings,
  by: AuditAuthor,
): Promise<BatchAnswer> {
  const read = batch.measurements.map(readRow)
  const provenance = batch.provenance ?? 'measured'
  return db.transaction().execute(async (tx) => {
    const now = Date.now()
    const { accept_days } = settings
    const { name: collector, vantage } = batch.collector
    const admission = await admitRows(tx, read, { now, accept_days, collector, vantage, provenance })
    const { admitted, duplicate, rejected } = admission
    const moment = { now, settings }
    const change_set_no = admitted.length === 0 ? null : await writeAdmitted(tx, batch, admitted, provenance, moment)
    // Modelled history is nobody's run: it says nothing of how a collector fares.
    if (provenance === 'measured') await insertReport(tx, batch, admission, now)
    if (read.length > 0) await auditBatch(tx, batch, admission, change_set_no, by)
    return { accepted: admitted.length, duplicate, rejected }
  })
}
