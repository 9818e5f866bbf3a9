import type { ColumnSpec } from '../mapping.ts'
import { defineFactKind } from './fact-kind.ts'
import { readMbit } from './read-mbit.ts'

type Field = 'download_kbps' | 'upload_kbps' | 'method' | 'reported_on'

const COLUMNS: readonly ColumnSpec<Field>[] = [
  {
    field: 'download_kbps',
    title: 'Скорость по сообщению, Мбит/с',
    names: ['скорость интернета, мбит/с', 'фактическая скорость, мбит/с', 'входящая скорость, мбит/с'],
  },
  {
    field: 'upload_kbps',
    title: 'Скорость передачи по сообщению, Мбит/с',
    names: ['исходящая скорость, мбит/с', 'скорость передачи, мбит/с'],
  },
  { field: 'method', title: 'Чем измерено', names: ['способ измерения', 'сервис', 'источник'] },
  { field: 'reported_on', title: 'Дата', names: ['на дату', 'дата измерения', 'дата сообщения'] },
]

/** «Скорость по сообщениям организаций»: what people say of their line; no measured figure follows from it. */
export const selfReportedSpeedKind = defineFactKind<'self_reported_speed', Field>({
  name: 'self_reported_speed',
  title: 'Скорость по сообщениям организаций',
  table: 'self_reported_speed',
  grain: 'building',
  columns: COLUMNS,
  needed: ['download_kbps'],
  read: (reader, valid_on) => {
    const download_kbps = readMbit(reader, 'download_kbps')
    const upload_kbps = readMbit(reader, 'upload_kbps')
    const reported_on = reader.day('reported_on') ?? valid_on
    const method = reader.text('method')
    if (download_kbps === null && !reader.hasErrors) {
      reader.report('error', 'download_kbps', 'Не указана скорость', 'Мбит/с')
    }
    return download_kbps === null || reader.hasErrors ? null : { download_kbps, upload_kbps, reported_on, method }
  },
})
