import type { ReadExecutor, WriteExecutor } from '../db/executor.ts'
import { sql } from 'kysely'
import type { SheetRow } from '../contract/index.ts'
import type { JudgedRow, RawRow } from './sheet-rows.ts'

const ROWS_PER_STATEMENT = 5000

/** All rows of an import as the collector sent them, in the order of the file. */
export async function listRawRows(db: ReadExecutor, import_id: number): Promise<RawRow[]> {
  const rows = await db
    .selectFrom('import_row')
    .where('import_id', '=', import_id)
    .select(['sheet_no', 'row_no', 'sheet_name', 'cells'])
    .orderBy('sheet_no')
    .orderBy('row_no')
    .execute()
  return rows.map((row) => ({
    sheet_no: row.sheet_no,
    row_no: row.row_no,
    sheet_name: row.sheet_name ?? `Лист ${row.sheet_no}`,
    cells: row.cells as SheetRow['cells'],
  }))
}

/** Stores what a dry run says of the rows, in place of what an earlier one said. */
export async function updateJudgedRows(
  tx: WriteExecutor,
  import_id: number,
  rows: readonly JudgedRow[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = JSON.stringify(rows.slice(start, start + ROWS_PER_STATEMENT))
    await sql`
      UPDATE import_row
      SET verdict = judged.verdict, org_unit_id = judged.org_unit_id, identified_by = judged.identified_by,
          match_key = judged.match_key, candidates = judged.candidates, issues = judged.issues, changes = judged.changes
      FROM jsonb_to_recordset(${part}::jsonb) AS judged(
        sheet_no integer, row_no integer, verdict text, org_unit_id bigint, identified_by text, match_key text,
        candidates jsonb, issues jsonb, changes jsonb)
      WHERE import_row.import_id = ${import_id}
        AND import_row.sheet_no = judged.sheet_no AND import_row.row_no = judged.row_no`.execute(tx)
  }
}

/** Which unit each row of an applied import became, by "sheet:row". */
export async function updateRowUnits(
  tx: WriteExecutor,
  import_id: number,
  units: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = [...units].map(([key, org_unit_id]) => {
    const [sheet_no, row_no] = key.split(':').map(Number)
    return { sheet_no, row_no, org_unit_id }
  })
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = JSON.stringify(rows.slice(start, start + ROWS_PER_STATEMENT))
    await sql`
      UPDATE import_row SET org_unit_id = made.org_unit_id
      FROM jsonb_to_recordset(${part}::jsonb) AS made(sheet_no integer, row_no integer, org_unit_id bigint)
      WHERE import_row.import_id = ${import_id}
        AND import_row.sheet_no = made.sheet_no AND import_row.row_no = made.row_no`.execute(tx)
  }
}
