import { REGISTRY_HEADER, type SheetRow } from './registry-sheet.ts'

type Column = (typeof REGISTRY_HEADER)[number]

export interface FaultyRow {
  /** What is wrong, in the words of the one who made the file. */
  fault: string
  row: SheetRow
}

function change(row: SheetRow, changes: Partial<Record<Column, string | number | null>>): SheetRow {
  return REGISTRY_HEADER.map((column, index) => (column in changes ? (changes[column] ?? null) : (row[index] ?? null)))
}

function cell(row: SheetRow, column: Column): string {
  return String(row[REGISTRY_HEADER.indexOf(column)] ?? '')
}

function spoilLastDigit(identifier: string): string {
  return identifier.slice(0, -1) + String((Number(identifier.at(-1)) + 1) % 10)
}

/**
 * A second file for tests of the import: rows of the sound registry, each spoilt in one way. The first is left sound;
 * `rows` must be the sound registry's rows.
 */
export function writeFaultyRows(rows: readonly SheetRow[]): FaultyRow[] {
  const heads = rows.filter((row) => cell(row, 'Вид') === 'юридическое лицо')
  const head = (index: number): SheetRow => heads[index % heads.length] ?? []
  const without = { ИНН: null, КПП: null, ОГРН: null, Сайт: null }
  const isRepeated = (row: SheetRow) =>
    heads.filter((other) => cell(other, 'Краткое наименование') === cell(row, 'Краткое наименование')).length > 1
  const repeated = heads.find(isRepeated) ?? head(2)
  return [
    { fault: 'sound row', row: head(0) },
    { fault: 'ИНН checksum', row: change(head(1), { ИНН: spoilLastDigit(cell(head(1), 'ИНН')) }) },
    { fault: 'ОГРН checksum', row: change(head(2), { ОГРН: spoilLastDigit(cell(head(2), 'ОГРН')) }) },
    { fault: 'ИНН length', row: change(head(3), { ИНН: cell(head(3), 'ИНН').slice(0, 9) }) },
    { fault: 'duplicate in file', row: head(0) },
    {
      fault: 'ambiguous: a name in several municipalities, no codes',
      row: change(repeated, { ...without, Муниципалитет: null, ОКТМО: null, Адрес: null }),
    },
    {
      fault: 'unknown municipality',
      row: change(head(4), { Муниципалитет: 'Заволжский муниципальный район', ОКТМО: '63999000' }),
    },
    { fault: 'no name', row: change(head(5), { Наименование: null, 'Краткое наименование': null }) },
    {
      fault: 'branch of an unknown legal entity',
      row: change(head(6), { Вид: 'филиал', ИНН: null, 'ИНН головной организации': '7708044713' }),
    },
    { fault: 'latitude out of range', row: change(head(7), { Широта: 951.5 }) },
    { fault: 'latitude is not a number', row: change(head(8), { Широта: 'нет' }) },
    { fault: 'unknown kind of organisation', row: change(head(9), { 'Тип организации': 'прочее' }) },
    { fault: 'day that does not exist', row: change(head(10), { 'Действует с': '31.02.2023' }) },
    { fault: 'site address of a foreign scheme', row: change(head(11), { Сайт: 'javascript:alert(1)' }) },
    {
      fault: 'formula in a name',
      row: change(head(12), { 'Краткое наименование': '=HYPERLINK("http://example.test";"школа")' }),
    },
  ]
}
