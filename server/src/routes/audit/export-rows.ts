import type { ExportTable } from '../../exports/export-table.ts'
import { ACTION_NAMES, CATEGORY_NAMES } from './action-names.ts'
import type { ListedAuditEvent } from './queries.ts'

function jsonOf(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

/** Events as a table for people, times in the region's zone. */
export function auditTable(events: readonly ListedAuditEvent[], time_zone: string): ExportTable {
  const localTime = (instant: string): string => new Date(instant).toLocaleString('ru', { timeZone: time_zone })
  return {
    sheet_name: 'Журнал действий',
    heading: ['Журнал действий', `Время: ${time_zone}`, `Строк: ${events.length}`],
    columns: [
      { title: '№', format: 'integer', width: 10 },
      { title: 'Время', format: 'text', width: 20 },
      { title: 'Кто', format: 'text', width: 28 },
      { title: 'Адрес', format: 'text', width: 18 },
      { title: 'Вид', format: 'text', width: 22 },
      { title: 'Действие', format: 'text', width: 36 },
      { title: 'Над чем', format: 'text', width: 36 },
      { title: 'Имя или назначение', format: 'text', width: 28 },
      { title: 'Организация', format: 'text', width: 30 },
      { title: 'Муниципалитет', format: 'text', width: 26 },
      { title: 'Набор изменений', format: 'integer', width: 12 },
      { title: 'Подробности', format: 'text', width: 40 },
      { title: 'Было', format: 'text', width: 40 },
      { title: 'Стало', format: 'text', width: 40 },
    ],
    rows: events.map((event) => [
      event.audit_event_id,
      localTime(event.occurred_at),
      event.actor,
      event.remote_address,
      CATEGORY_NAMES[event.category],
      ACTION_NAMES[event.action],
      event.subject,
      event.subject_name,
      event.org_unit_name,
      event.municipality_name,
      event.change_set_no,
      jsonOf(event.detail),
      jsonOf(event.before),
      jsonOf(event.after),
    ]),
  }
}
