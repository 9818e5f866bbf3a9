import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeXlsx } from 'hucre'
import type { Line, LineTechnology } from './plan-lines.ts'

/** Workbooks as a ministry gets them from operators and schools, by the kind of sheet, and the truth behind them. */
export interface InternetFiles {
  internet_sheets: { kind: string; file: string }[]
  lines_file: string
  /** ИНН of the schools whose agents run with the demo. */
  live_schools: string[]
}

type SheetRow = (string | number | null)[]

const PLACE_HEADER = ['ИНН', 'КПП', 'Наименование', 'Адрес здания'] as const
const CONTRACT_HEADER = [
  'Оператор',
  'Технология',
  'Скорость по договору, Мбит/с',
  'Условие скорости',
  'Гарантированный трафик',
  'Цена в месяц, ₽',
  'Номер договора',
  'Действует с',
  'Действует по',
]
const TECHNOLOGIES: Readonly<Record<LineTechnology, string>> = {
  fibre: 'оптика',
  xdsl: 'xDSL',
  radio: 'радио',
  cellular: '3G/4G',
  satellite: 'спутник',
  none: 'нет',
}
const PRICE_A_MBIT = 45
const PRICE_LEAST = 1500
/** One contract in so many ran out in the summer and was not renewed. */
const ENDED_EACH = 23

function placeOf({ address, full_name, inn, kpp }: Line): SheetRow {
  return [inn, kpp, full_name, address]
}

function contractRow(line: Line, index: number): SheetRow {
  const { contract_kbps, provider, technology } = line
  const mbit = contract_kbps === null ? null : contract_kbps / 1000
  const isNone = technology === 'none'
  return [
    ...placeOf(line),
    ...[provider, TECHNOLOGIES[technology], mbit],
    isNone ? null : technology === 'fibre' ? 'гарантированная' : 'до',
    isNone ? null : 'да',
    mbit === null ? null : PRICE_LEAST + mbit * PRICE_A_MBIT,
    isNone ? null : `ЕСПД-${String(index + 1).padStart(4, '0')}`,
    '01.09.2024',
    !isNone && index % ENDED_EACH === ENDED_EACH - 1 ? '31.07.2026' : '31.12.2027',
  ]
}

async function writeSheet(file: string, name: string, rows: SheetRow[]): Promise<void> {
  const fixed = new Date('2026-01-01T00:00:00Z')
  const book = { sheets: [{ name, rows }], properties: { created: fixed, modified: fixed } }
  writeFileSync(file, await writeXlsx(book))
}

/** Writes contracts, yearly figures and self-reported speeds of the lines, and the lines themselves. */
export async function writeInternetFiles(folder: string, lines: readonly Line[]): Promise<InternetFiles> {
  mkdirSync(folder, { recursive: true })
  const sheets = [
    {
      kind: 'connection_contract',
      header: CONTRACT_HEADER,
      rows: lines.map(contractRow),
    },
    {
      kind: 'capacity_report',
      header: ['Обучающихся', 'Смен', 'Компьютеров', 'По состоянию на'],
      rows: lines.map((line) => [
        ...placeOf(line),
        line.pupils,
        line.pupils > 900 ? 2 : 1,
        line.computers,
        '20.09.2026',
      ]),
    },
    {
      kind: 'self_reported_speed',
      header: ['Скорость по сообщению, Мбит/с', 'Чем измерено', 'Дата'],
      rows: lines
        .filter(({ reported_kbps }) => reported_kbps !== null)
        .map((line) => [...placeOf(line), (line.reported_kbps ?? 0) / 1000, 'по договору', '01.10.2026']),
    },
  ]
  const internet_sheets: InternetFiles['internet_sheets'] = []
  for (const { kind, header, rows } of sheets) {
    const file = join(folder, `${kind}.xlsx`)
    await writeSheet(file, 'Лист1', [[...PLACE_HEADER, ...header], ...rows])
    internet_sheets.push({ kind, file })
  }
  const lines_file = join(folder, 'lines.json')
  writeFileSync(lines_file, `${JSON.stringify(lines)}\n`)
  const live_schools = [...new Set(lines.filter(({ is_live }) => is_live).map(({ inn }) => inn))]
  return { internet_sheets, lines_file, live_schools }
}
