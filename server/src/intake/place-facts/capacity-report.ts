import type { ColumnSpec } from '../mapping.ts'
import { SETTLEMENT_WORDS } from '../registry/columns.ts'
import { defineFactKind } from './fact-kind.ts'

type Field = 'pupils' | 'shifts' | 'computers' | 'settlement_kind' | 'as_of_day'

const COLUMNS: readonly ColumnSpec<Field>[] = [
  { field: 'pupils', title: 'Обучающихся', names: ['численность обучающихся', 'число обучающихся', 'обучающиеся'] },
  { field: 'shifts', title: 'Смен', names: ['число смен', 'количество смен', 'смены', 'сменность'] },
  {
    field: 'computers',
    title: 'Компьютеров',
    names: ['число компьютеров', 'количество компьютеров', 'компьютеры', 'персональных компьютеров'],
  },
  { field: 'settlement_kind', title: 'Тип населённого пункта', names: ['вид населённого пункта'] },
  { field: 'as_of_day', title: 'По состоянию на', names: ['на дату', 'дата', 'состояние на'] },
]

const PUPILS_MAX = 20_000
const COMPUTERS_MAX = 20_000

/** «Сведения об организации»: pupils, shifts and computers of an organisation, or of one of its buildings. */
export const capacityReportKind = defineFactKind<'capacity_report', Field>({
  name: 'capacity_report',
  title: 'Сведения об организации',
  table: 'capacity_report',
  grain: 'organisation_or_building',
  columns: COLUMNS,
  needed: ['computers'],
  read: (reader, valid_on) => {
    const fact = {
      pupils: reader.whole('pupils', 0, PUPILS_MAX),
      shifts: reader.whole('shifts', 1, 3),
      computers: reader.whole('computers', 0, COMPUTERS_MAX),
      settlement_kind: reader.choice('settlement_kind', SETTLEMENT_WORDS),
      as_of_day: reader.day('as_of_day') ?? valid_on,
    }
    if (fact.pupils === null && fact.computers === null && fact.shifts === null && !reader.hasErrors) {
      reader.report('error', 'computers', 'В строке нет ни одного числа', 'обучающиеся, смены или компьютеры')
    }
    return reader.hasErrors ? null : fact
  },
})
