import { callServer, type ImportState, type Server } from './import-file.ts'

const ROWS_SHOWN = 50

interface DryRunRow {
  sheet_name: string | null
  row_no: number
  issues: { severity: string; cell: string | null; message: string; found: string | null; expected: string | null }[]
  candidates: { name: string | null; reason: string }[]
}

function describeRow(row: DryRunRow): string[] {
  const place = `${row.sheet_name ?? ''} ${row.row_no}`
  const issues = row.issues.map(({ cell, message, found, expected }) => {
    const detail = [found === null ? '' : `найдено: ${found}`, expected === null ? '' : `ожидается: ${expected}`]
    return [`  ${place}, ${cell ?? 'строка'}: ${message}`, ...detail.filter((part) => part !== '')].join('; ')
  })
  const candidates = row.candidates.map(({ name, reason }) => `  ${place}: возможно, ${name ?? 'новая'} (${reason})`)
  return [...issues, ...candidates]
}

async function printRows(server: Server, importId: number, verdict: string, title: string): Promise<void> {
  const path = `imports/${importId}/rows?verdict=${verdict}&limit=${ROWS_SHOWN}`
  const { total, rows } = (await callServer(server, path)) as { total: number; rows: DryRunRow[] }
  if (total === 0) return
  console.log(`${title}: ${total}${total > rows.length ? `, показаны первые ${rows.length}` : ''}`)
  for (const line of rows.flatMap(describeRow)) console.log(line)
}

interface MissingUnit {
  org_unit_id: number
  full_name: string
  earlier_file_name: string
  earlier_valid_on: string
  earlier_sheet_name: string | null
  earlier_row_no: number
  outcome: 'keep' | 'withdraw' | null
  reason: string | null
  is_remembered: boolean
}

const OUTCOME_WORDS = { keep: 'оставить', withdraw: 'завершить' }

function describeMissing(unit: MissingUnit): string {
  const { earlier_file_name, earlier_valid_on, earlier_sheet_name, earlier_row_no, outcome, reason } = unit
  const place = `${earlier_file_name} на ${earlier_valid_on}, ${earlier_sheet_name ?? 'лист'} ${earlier_row_no}`
  const remembered = unit.is_remembered ? ', решено раньше' : ''
  const word = outcome === null ? 'не решено' : `${OUTCOME_WORDS[outcome]} (${reason ?? ''}${remembered})`
  return `  № ${unit.org_unit_id} ${unit.full_name} — был в файле ${place}: ${word}`
}

async function printMissing(server: Server, importId: number): Promise<void> {
  const path = `imports/${importId}/missing?limit=${ROWS_SHOWN}`
  const { total, rows } = (await callServer(server, path)) as { total: number; rows: MissingUnit[] }
  if (total === 0) return
  console.log(
    `Были в прежних файлах, а в этом нет: ${total}${total > rows.length ? `, показаны первые ${rows.length}` : ''}`,
  )
  for (const line of rows.map(describeMissing)) console.log(line)
  if (rows.every(({ outcome }) => outcome !== null)) return
  console.log('  Нерешённые остаются в реестре. Решить: --missing keep|withdraw --reason ТЕКСТ [--units №,№]')
}

/** Shows what applying an import will do: how many rows of each verdict, and each row that needs a person, with its place. */
export async function printDryRun(server: Server, validated: ImportState): Promise<void> {
  const { counts, import_id, state } = validated
  console.log(`Загрузка № ${import_id}, состояние: ${state}`)
  const words = { new: 'новые', changed: 'изменённые', same: 'без изменений', skipped: 'пропущены' } as const
  for (const [verdict, word] of Object.entries(words)) console.log(`  ${word}: ${counts[verdict] ?? 0}`)
  await printRows(server, import_id, 'ambiguous', 'Ждут решения человека')
  await printRows(server, import_id, 'refused', 'Не будут приняты')
  await printRows(server, import_id, 'changed', 'Изменятся')
  await printMissing(server, import_id)
}
