import type { WriteExecutor } from '../db/executor.ts'

/** A row that its sender may send again: the same id with the same content is the same row. */
export interface IdentifiedRow {
  id: string
  content_sha256: Buffer
}

/** Rows by what is known under their ids. */
export interface SortedRows<Row> {
  /** Unknown so far. */
  fresh: Row[]
  /** How many were equal to what is known. */
  duplicate: number
  /** Other content under a known id. */
  reused: Row[]
}

function sortByContent<Row extends IdentifiedRow>(
  rows: readonly Row[],
  known: ReadonlyMap<string, Buffer>,
): SortedRows<Row> {
  const sorted: SortedRows<Row> = { fresh: [], duplicate: 0, reused: [] }
  for (const row of rows) {
    const content = known.get(row.id)
    if (content === undefined) sorted.fresh.push(row)
    else if (content.equals(row.content_sha256)) sorted.duplicate += 1
    else sorted.reused.push(row)
  }
  return sorted
}

function sortWithinBatch<Row extends IdentifiedRow>(rows: readonly Row[]): SortedRows<Row> {
  const first = new Map<string, Row>()
  for (const row of rows) if (!first.has(row.id)) first.set(row.id, row)
  const known = new Map([...first].map(([id, row]) => [id, row.content_sha256]))
  const later = rows.filter((row) => first.get(row.id) !== row)
  return { ...sortByContent(later, known), fresh: [...first.values()] }
}

async function findReceipts(tx: WriteExecutor, rows: readonly IdentifiedRow[]): Promise<Map<string, Buffer>> {
  if (rows.length === 0) return new Map()
  const receipts = await tx
    .selectFrom('receipt')
    .select(['measurement_id', 'content_sha256'])
    .where(
      'measurement_id',
      'in',
      rows.map((row) => row.id),
    )
    .execute()
  return new Map(receipts.map((receipt) => [receipt.measurement_id, receipt.content_sha256]))
}

/** Compares rows with each other and with all that was taken in before. */
export async function sortByReceipts<Row extends IdentifiedRow>(
  tx: WriteExecutor,
  rows: readonly Row[],
): Promise<SortedRows<Row>> {
  const within = sortWithinBatch(rows)
  const known = sortByContent(within.fresh, await findReceipts(tx, within.fresh))
  return {
    fresh: known.fresh,
    duplicate: within.duplicate + known.duplicate,
    reused: [...within.reused, ...known.reused],
  }
}

/**
 * Gives each row its receipt, in the order of ids, so that two senders of one batch wait for each other and never
 * deadlock. `fresh` are those that got one; the others were taken in by another sender meanwhile.
 */
export async function giveReceipts<Row extends IdentifiedRow>(
  tx: WriteExecutor,
  rows: readonly Row[],
  now: number,
): Promise<SortedRows<Row>> {
  if (rows.length === 0) return { fresh: [], duplicate: 0, reused: [] }
  const sorted = [...rows].sort((a, b) => (a.id < b.id ? -1 : 1))
  const inserted = await tx
    .insertInto('receipt')
    .values(
      sorted.map((row) => ({
        measurement_id: row.id,
        content_sha256: row.content_sha256,
        received_at: new Date(now),
      })),
    )
    .onConflict((conflict) => conflict.column('measurement_id').doNothing())
    .returning('measurement_id')
    .execute()
  const given = new Set(inserted.map((row) => row.measurement_id))
  const beaten = rows.filter((row) => !given.has(row.id))
  const { duplicate, reused } = sortByContent(beaten, await findReceipts(tx, beaten))
  return { fresh: rows.filter((row) => given.has(row.id)), duplicate, reused }
}
