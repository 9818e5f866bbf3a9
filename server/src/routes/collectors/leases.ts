import { sql, type Kysely } from 'kysely'
import type { Lease, LeaseAnswer, LeaseRequest, OrgKind, WorkKind } from '../../contract/index.ts'
import type { WriteExecutor } from '../../db/executor.ts'
import { insertRows } from '../../db/insert-rows.ts'
import type { DB } from '../../db/schema.gen.ts'

/** Certificates are asked for with a full handshake at least this often. */
const FULL_HANDSHAKE_EVERY_MS = 24 * 3_600_000

interface TakenWork {
  work_id: number
  kind: WorkKind
  org_unit_id: number | null
  target_id: string | null
  import_id: number | null
  round_no: number
  attempt: number
  lease_id: string
  leased_until: Date
  issued_at: Date
  full_handshake_at: Date | null
}

/** Takes due work that nobody holds: two collectors never get the same row, and neither waits for the other. */
async function takeWork(tx: WriteExecutor, request: LeaseRequest, lease_s: number): Promise<TakenWork[]> {
  const { rows } = await sql<TakenWork>`
    WITH picked AS (
      SELECT work_id FROM due_work
       WHERE kind = ANY(${request.kinds}::text[]) AND (vantage IS NULL OR vantage = ${request.collector.vantage})
         AND due_at <= clock_timestamp() AND (leased_until IS NULL OR leased_until <= clock_timestamp())
       ORDER BY priority DESC, due_at, work_id
       LIMIT ${request.max}
       FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE due_work w
         SET lease_id = gen_random_uuid(), leased_until = clock_timestamp() + make_interval(secs => ${lease_s})
        FROM picked WHERE w.work_id = picked.work_id
      RETURNING w.*
    )
    SELECT work_id, kind, org_unit_id, target_id, import_id, round_no, attempt, lease_id, leased_until,
           clock_timestamp() AS issued_at, full_handshake_at
      FROM taken ORDER BY priority DESC, due_at, work_id`.execute(tx)
  return rows
}

/** Gives back work of targets that are not probed any more; it is looked at again tomorrow, an undo may revive it. */
async function postpone(tx: WriteExecutor, work: readonly TakenWork[]): Promise<void> {
  if (work.length === 0) return
  await tx
    .updateTable('due_work')
    .set({ lease_id: null, leased_until: null, due_at: sql<Date>`clock_timestamp() + interval '1 day'` })
    .where(
      'work_id',
      'in',
      work.map((row) => row.work_id),
    )
    .execute()
}

interface TargetFacts {
  url: string
  org_kind: OrgKind | null
}

/**
 * Address and kind of organisation of each target that is probed today: not retired, its source not undone. A branch
 * is asked by the rules of its own kind.
 */
async function findTargetFacts(
  tx: WriteExecutor,
  work: readonly TakenWork[],
  time_zone: string,
): Promise<Map<string, TargetFacts>> {
  const targetIds = work.flatMap((row) => row.target_id ?? [])
  if (targetIds.length === 0) return new Map()
  const orgUnitIds = [...new Set(work.flatMap((row) => row.org_unit_id ?? []))]
  const { rows } = await sql<TargetFacts & { target_id: string }>`
    SELECT t.target_id, t.url, v.org_kind
      FROM target t
      LEFT JOIN (SELECT DISTINCT ON (v.org_unit_id) v.org_unit_id, v.org_kind
                   FROM org_unit_version v
                   LEFT JOIN source_void void ON void.source_kind = v.source_kind AND void.source_id = v.source_id
                  WHERE v.org_unit_id = ANY(${orgUnitIds}::bigint[]) AND void.source_id IS NULL
                  ORDER BY v.org_unit_id, v.valid_from DESC, v.change_set_no DESC) v
        ON v.org_unit_id = t.org_unit_id
      LEFT JOIN source_void undone ON undone.source_kind = t.source_kind AND undone.source_id = t.source_id
      LEFT JOIN (SELECT DISTINCT r.org_unit_id, r.target_id FROM target_retirement r
                   LEFT JOIN source_void void ON void.source_kind = r.source_kind AND void.source_id = r.source_id
                  WHERE r.org_unit_id = ANY(${orgUnitIds}::bigint[]) AND void.source_id IS NULL
                    AND r.retired_on <= (clock_timestamp() AT TIME ZONE ${time_zone})::date) retired
        ON retired.org_unit_id = t.org_unit_id AND retired.target_id = t.target_id
     WHERE undone.source_id IS NULL AND retired.target_id IS NULL AND t.org_unit_id = ANY(${orgUnitIds}::bigint[]) AND t.target_id = ANY(${targetIds}::uuid[])`.execute(
    tx,
  )
  return new Map(rows.map((row) => [row.target_id, row]))
}

function toLease(work: TakenWork, facts: TargetFacts | undefined): Lease {
  const asked = work.full_handshake_at
  return {
    lease_id: work.lease_id,
    kind: work.kind,
    org_unit_id: work.org_unit_id,
    org_kind: facts?.org_kind ?? null,
    target_id: work.target_id,
    url: facts?.url ?? null,
    import_id: work.import_id,
    attempt: work.attempt,
    full_handshake: asked === null || work.issued_at.getTime() - asked.getTime() >= FULL_HANDSHAKE_EVERY_MS,
    expires_at: work.leased_until.toISOString(),
  }
}

async function findNextDueAt(tx: WriteExecutor, request: LeaseRequest): Promise<string | null> {
  const { rows } = await sql<{ due_at: Date | null }>`
    SELECT min(greatest(due_at, leased_until)) AS due_at FROM due_work
     WHERE kind = ANY(${request.kinds}::text[]) AND (vantage IS NULL OR vantage = ${request.collector.vantage})`.execute(
    tx,
  )
  return rows[0]?.due_at?.toISOString() ?? null
}

export interface LeaseTerms {
  lease_s: number
  time_zone: string
}

/** Leases due work of a collector's own vantage, most urgent first; an empty list when nothing is due. */
export async function leaseWork(db: Kysely<DB>, request: LeaseRequest, terms: LeaseTerms): Promise<LeaseAnswer> {
  return db.transaction().execute(async (tx) => {
    const taken = await takeWork(tx, request, terms.lease_s)
    const facts = await findTargetFacts(tx, taken, terms.time_zone)
    const isLive = (row: TakenWork): boolean => row.target_id === null || facts.has(row.target_id)
    const work = taken.filter(isLive)
    await postpone(
      tx,
      taken.filter((row) => !isLive(row)),
    )
    await insertLeases(tx, work, request)
    const leases = work.map((row) => toLease(row, row.target_id === null ? undefined : facts.get(row.target_id)))
    return { leases, next_due_at: await findNextDueAt(tx, request) }
  })
}

async function insertLeases(tx: WriteExecutor, work: readonly TakenWork[], request: LeaseRequest): Promise<void> {
  const { name: collector, vantage } = request.collector
  await insertRows(
    tx,
    'lease',
    work.map((row) => ({
      lease_id: row.lease_id,
      work_id: row.work_id,
      kind: row.kind,
      org_unit_id: row.org_unit_id,
      target_id: row.target_id,
      import_id: row.import_id,
      round_no: row.round_no,
      attempt: row.attempt,
      issued_at: row.issued_at,
      expires_at: row.leased_until,
      collector,
      vantage,
    })),
  )
}
