import { createHash } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import type { SheetCell, SheetChunk, SheetParsed } from '../contract/index.ts'
import type { Jurisdiction } from '../db/access-scope.ts'
import type { AuditAuthor } from '../db/audit-author.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { DB } from '../db/schema.gen.ts'
import { CodedError } from '../errors.ts'
import { storedJurisdiction } from './decisions.ts'
import { runDry, type IntakeSettings } from './dry-run.ts'
import { SHEET_FAULT_TEXTS } from './sheet-faults.ts'
import { lockImport, moveImport } from './states.ts'

/** Texts that PostgreSQL cannot hold: NUL, halves of a surrogate pair. */
function isStorable(cell: SheetCell): boolean {
  const text = typeof cell === 'object' ? JSON.stringify(cell) : cell
  return typeof text !== 'string' || (text.isWellFormed() && !text.includes('\0') && !text.includes('\\u0000'))
}

function requireSound(chunk: SheetChunk): void {
  const hash = createHash('sha256').update(JSON.stringify(chunk.rows)).digest('hex')
  if (hash !== chunk.content_sha256) {
    const details = { field: 'content_sha256', found: chunk.content_sha256, expected: hash }
    throw new CodedError('EDU_BAD_REQUEST', 'Хеш порции не совпадает с её строками', details)
  }
  for (const { sheet_no, row_no, cells } of chunk.rows) {
    const bad = Object.entries(cells).find(([, cell]) => !isStorable(cell))
    if (bad === undefined) continue
    const details = { sheet_no, row_no, cell: `${bad[0]}${row_no}` }
    throw new CodedError('EDU_BAD_REQUEST', 'В ячейке знаки, которых не бывает в тексте', details)
  }
}

/** Whether the chunk is there already. @throws EDU_CHUNK_CHANGED when it is there with other rows */
async function isKnownChunk(
  tx: WriteExecutor,
  import_id: number,
  chunk_no: number,
  content_sha256: string,
): Promise<boolean> {
  const known = await tx
    .selectFrom('import_chunk')
    .where('import_id', '=', import_id)
    .where('chunk_no', '=', chunk_no)
    .select('content_sha256')
    .executeTakeFirst()
  if (known === undefined) return false
  if (known.content_sha256 === content_sha256) return true
  throw new CodedError('EDU_CHUNK_CHANGED', 'Порция с этим номером уже получена с другими строками', {
    import_id,
    chunk_no,
  })
}

/**
 * Takes one chunk of parsed rows; sent again it changes nothing.
 * @throws EDU_BAD_REQUEST, EDU_CHUNK_CHANGED, EDU_IMPORT_NOT_FOUND, EDU_IMPORT_STATE
 */
export async function receiveChunk(
  db: Kysely<DB>,
  import_id: number,
  chunk_no: number,
  chunk: SheetChunk,
): Promise<{ accepted: number; duplicate: boolean }> {
  requireSound(chunk)
  return db.transaction().execute(async (tx) => {
    const locked = await lockImport(tx, import_id, ['received', 'parsed', 'validated', 'applied', 'rejected', 'voided'])
    if (await isKnownChunk(tx, import_id, chunk_no, chunk.content_sha256)) return { accepted: 0, duplicate: true }
    if (locked.state !== 'received') await lockImport(tx, import_id, ['received'])
    await tx.insertInto('import_chunk').values({ import_id, chunk_no, content_sha256: chunk.content_sha256 }).execute()
    const accepted = await tx
      .insertInto('import_row')
      .values(chunk.rows.map(({ cells, ...row }) => ({ ...row, import_id, cells: JSON.stringify(cells) })))
      .onConflict((conflict) => conflict.columns(['import_id', 'sheet_no', 'row_no']).doNothing())
      .returning('row_no')
      .execute()
    if (accepted.length < chunk.rows.length) {
      throw new CodedError('EDU_BAD_REQUEST', 'Строка с этими координатами уже получена', { import_id, chunk_no })
    }
    return { accepted: accepted.length, duplicate: false }
  })
}

async function finishParsing(tx: WriteExecutor, import_id: number, parsed: SheetParsed): Promise<void> {
  const { chunks } = await tx
    .selectFrom('import_chunk')
    .where('import_id', '=', import_id)
    .select((eb) => eb.fn.countAll<number>().as('chunks'))
    .executeTakeFirstOrThrow()
  if (chunks !== parsed.chunks) {
    const details = { import_id, found: chunks, expected: parsed.chunks }
    throw new CodedError('EDU_IMPORT_STATE', 'Получены не все порции строк', details)
  }
  const names = JSON.stringify(parsed.sheets.map(({ sheet_no, name }) => ({ sheet_no, name })))
  await sql`
    UPDATE import_row SET sheet_name = sheet.name
    FROM jsonb_to_recordset(${names}::jsonb) AS sheet(sheet_no integer, name text)
    WHERE import_row.import_id = ${import_id} AND import_row.sheet_no = sheet.sheet_no`.execute(tx)
  await moveImport(tx, import_id, { state: 'parsed' })
}

async function dropParsingWork(tx: WriteExecutor, import_id: number): Promise<void> {
  await tx.deleteFrom('due_work').where('kind', '=', 'sheet_parse').where('import_id', '=', import_id).execute()
}

/**
 * Ends parsing: the rows are judged at once, or the import is rejected with the collector's reason. Said again it
 * changes nothing; after a fault of ours during the dry run, saying it again runs that anew.
 * @throws EDU_IMPORT_NOT_FOUND, EDU_IMPORT_STATE when chunks are missing
 */
export async function receiveParsed(
  db: Kysely<DB>,
  import_id: number,
  parsed: SheetParsed,
  settings: IntakeSettings,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { state } = await lockImport(tx, import_id, [
      'received',
      'parsed',
      'validated',
      'applied',
      'rejected',
      'voided',
    ])
    if (state !== 'received') return
    if (parsed.fault === null) return finishParsing(tx, import_id, parsed)
    await moveImport(tx, import_id, {
      state: 'rejected',
      reason: SHEET_FAULT_TEXTS[parsed.fault],
      place: parsed.fault_place,
    })
    await dropParsingWork(tx, import_id)
  })
  await db.transaction().execute(async (tx) => {
    const locked = await lockImport(tx, import_id, ['parsed', 'validated', 'applied', 'rejected', 'voided'])
    if (locked.state !== 'parsed') return
    await runDry(tx, locked, settings)
    await dropParsingWork(tx, import_id)
  })
}

export interface UploadedFile {
  kind: string
  file_name: string
  sender: string
  valid_on: string
  territory_id: number | null
  blob_sha256: string
  /** The person who sends it; null: a program. */
  user_id: number | null
  /** What the sender answers for; null: the whole region. */
  jurisdiction: readonly Jurisdiction[] | null
}

/**
 * Registers an uploaded file and queues its parsing. The same bytes are a repeat when all that gives their rows a
 * meaning is the same too: the kind, the day that they speak of, the territory, and what the sender answers for.
 * @returns the import that took the file before, if it stands; otherwise a new one
 */
export async function registerImport(
  tx: WriteExecutor,
  file: UploadedFile,
  by: AuditAuthor,
): Promise<{ import_id: number; is_repeat: boolean }> {
  const jurisdiction = storedJurisdiction(file.jurisdiction)
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`${file.kind} ${file.blob_sha256}`}, 0))`.execute(tx)
  const known = await tx
    .selectFrom('import')
    .where('blob_sha256', '=', file.blob_sha256)
    .where('kind', '=', file.kind)
    .where('valid_on', '=', file.valid_on)
    .where('territory_id', 'is not distinct from', file.territory_id)
    .where('state', 'not in', ['rejected', 'voided'])
    .where(sql<boolean>`jurisdiction IS NOT DISTINCT FROM ${jurisdiction}::jsonb`)
    .select('import_id')
    .orderBy('import_id', 'desc')
    .executeTakeFirst()
  if (known !== undefined) return { import_id: known.import_id, is_repeat: true }
  const scope_key = [file.sender, file.territory_id ?? '', file.valid_on].join('|')
  const { import_id } = await tx
    .insertInto('import')
    .values({ ...file, jurisdiction, scope_key, state: 'received' })
    .returning('import_id')
    .executeTakeFirstOrThrow()
  const work = { kind: 'sheet_parse', work_key: String(import_id), import_id, priority: 1, due_at: new Date() }
  await insertRows(tx, 'due_work', [work])
  await insertAuditEvent(tx, {
    by,
    category: 'data',
    action: 'import.receive',
    subject: `import ${import_id}`,
    org_unit_id: file.territory_id,
    detail: { kind: file.kind, blob_sha256: file.blob_sha256 },
    after: { state: 'received' },
  })
  return { import_id, is_repeat: false }
}
