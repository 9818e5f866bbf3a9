import type { FounderKind } from '../../contract/index.ts'
import { formatPeriod } from '../../domain/periods.ts'
import type { ExportTable } from '../../exports/export-table.ts'
import type { Evaluation, Figure } from '../../indicators/evaluate.ts'
import type { PlacedIndicator, Standpoint } from '../../indicators/evaluation-context.ts'
import { EXCLUSIONS } from '../../indicators/exclusions.ts'
import type { Indicator } from '../../indicators/indicator.ts'

const FOUNDERS: Readonly<Record<FounderKind, string>> = {
  municipal: 'муниципальные',
  regional: 'областные',
  federal: 'федеральные',
  private: 'частные',
}

function formatMoment(moment: Date, time_zone: string): string {
  const date = { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const
  return new Intl.DateTimeFormat('ru', { ...date, timeZone: time_zone }).format(moment)
}

function headingOf(standpoint: Standpoint, { indicator, period, is_running, context }: PlacedIndicator): string[] {
  const { request, territory, moment, known_at_change_set_no } = standpoint
  const texts = indicator.texts.ru
  const founders = request.founder_kind === undefined ? 'все' : FOUNDERS[request.founder_kind]
  const running = is_running ? `, не завершён: на ${formatMoment(context.as_of, request.time_zone)}` : ''
  return [
    texts.title,
    `Территория: ${territory.short_name}`,
    `Период: ${formatPeriod(period)}${running}`,
    `Учредители: ${founders}`,
    `По данным на: ${formatMoment(moment, request.time_zone)} (набор изменений № ${known_at_change_set_no})`,
    `Формула: ${texts.formula}`,
    `Методика: версия ${indicator.methodology_version}`,
    'Не утверждено',
  ]
}

/** In words: why there is no value, and who was left out. */
function noteOf(figure: Figure, coverage_floor: number): string {
  const parts: string[] = []
  if (figure.refusal === 'no_data') parts.push('нет данных')
  if (figure.refusal === 'low_coverage') parts.push(`значение не показано: полнота ниже ${coverage_floor * 100} %`)
  for (const { reason, units } of figure.excluded) parts.push(`${EXCLUSIONS[reason].ru.toLowerCase()} – ${units}`)
  return parts.join('; ')
}

function rowOf(name: string, figure: Figure, indicator: Indicator): (string | number | null)[] {
  return [
    name,
    figure.value,
    figure.numerator,
    figure.denominator,
    figure.coverage_ratio,
    figure.reported,
    figure.expected,
    noteOf(figure, indicator.coverage_floor),
  ]
}

const COUNTED: Readonly<Record<Indicator['counted_in'], readonly [string, string]>> = {
  sites: ['сайтов', 'сайтов'],
  seconds: ['с', 'с'],
  buildings: ['зданий', 'зданий'],
  organisations: ['организаций', 'организаций'],
  mbps_and_computers: ['Мбит/с', 'компьютеров'],
}

/** The table of an indicator as a file: the territory's own figure first, then those below it. */
export function indicatorTable(
  standpoint: Standpoint,
  placed: PlacedIndicator,
  { total, rows }: Evaluation,
): ExportTable {
  const { indicator } = placed
  const [above, below] = COUNTED[indicator.counted_in]
  const valueFormat =
    indicator.unit === 'ratio' ? { percent_decimals: indicator.decimals } : { decimals: indicator.decimals }
  return {
    sheet_name: indicator.texts.ru.short,
    heading: headingOf(standpoint, placed),
    columns: [
      { title: 'Территория, организация', format: 'text', width: 44 },
      { title: 'Значение', format: valueFormat, width: 12 },
      { title: `Числитель, ${above}`, format: 'integer', width: 16 },
      { title: `Знаменатель, ${below}`, format: 'integer', width: 16 },
      { title: 'Полнота данных', format: { percent_decimals: 1 }, width: 12 },
      { title: 'Отчитались', format: 'integer', width: 12 },
      { title: 'Должны отчитаться', format: 'integer', width: 14 },
      { title: 'Примечание', format: 'text', width: 80 },
    ],
    rows: [
      rowOf(`Всего: ${standpoint.territory.short_name}`, total, indicator),
      ...rows.map((row) => rowOf(row.short_name, row.figure, indicator)),
    ],
  }
}
