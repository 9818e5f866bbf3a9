import type { AuditEvent } from '../../api/schemas.ts'
import type { TableColumn } from '../../components/table-columns.ts'
import { WITHHELD } from '../../format/number.ts'

interface Words {
  t: (key: string) => string
  writeInstant: (instant: string) => string
  actionOf: (event: AuditEvent) => string
  actorOf: (event: AuditEvent) => string
  subjectOf: (event: AuditEvent) => string
}

/** Columns of the audit. They are not sorted: pages follow one another in the order of the events. */
export function listAuditColumns({ t, writeInstant, actionOf, actorOf, subjectOf }: Words): TableColumn<AuditEvent>[] {
  return [
    {
      key: 'action',
      label: t('audit.column.action'),
      text: actionOf,
      width_px: 220,
      isRowHead: true,
    },
    {
      key: 'when',
      label: t('audit.column.when'),
      text: (event) => writeInstant(event.occurred_at),
      width_px: 130,
    },
    { key: 'actor', label: t('audit.column.actor'), text: actorOf, width_px: 160, priority: 2 },
    {
      key: 'address',
      label: t('audit.column.address'),
      text: ({ remote_address }) => remote_address ?? WITHHELD,
      width_px: 120,
      priority: 3,
    },
    { key: 'subject', label: t('audit.column.subject'), text: subjectOf, width_px: 190, priority: 2 },
    {
      key: 'unit',
      label: t('audit.column.unit'),
      text: ({ org_unit_name }) => org_unit_name ?? WITHHELD,
      width_px: 220,
      priority: 3,
    },
    { key: 'open', label: t('audit.column.open'), text: () => '', align: 'end', width_px: 116 },
  ]
}
