import type { Incident } from '../../api/schemas.ts'
import type { TableColumn } from '../../components/table-columns.ts'
import type { useFormat } from '../../composables/use-format.ts'

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  format: Pick<ReturnType<typeof useFormat>, 'number' | 'instant' | 'duration'>
  meaningOf: (row: Incident) => string
}

type Named = Pick<Incident, 'org_unit_name' | 'scope' | 'scope_name' | 'scope_key'>

/** Whose incident it is: the organisation when it is one, else the hoster, network or municipality. */
export function nameIncident(row: Named, t: Words['t']): string {
  const name = row.org_unit_name ?? row.scope_name ?? row.scope_key
  return row.scope === 'site' ? name : t(`sites.incidents.shared.${row.scope}`, { name })
}

/** Open ones first, then those that took the most sites, then the newest. */
export function orderIncidents(rows: readonly Incident[]): Incident[] {
  return rows.toSorted(
    (left, right) =>
      Number(left.state !== 'open') - Number(right.state !== 'open') ||
      right.sites_ever - left.sites_ever ||
      right.opened_at.localeCompare(left.opened_at),
  )
}

export function listIncidentColumns({ t, format, meaningOf }: Words): TableColumn<Incident>[] {
  return [
    {
      key: 'what',
      label: t('sites.incidents.column.what'),
      text: (row) => nameIncident(row, t),
      sort: (row) => nameIncident(row, t),
      width_px: 220,
      isRowHead: true,
    },
    {
      key: 'cause',
      label: t('sites.incidents.column.cause'),
      text: meaningOf,
      sort: meaningOf,
      width_px: 240,
    },
    {
      key: 'state',
      label: t('sites.incidents.column.state'),
      text: (row) => t(`sites.incidents.state.${row.state}`),
      sort: (row) => row.state,
      width_px: 96,
      priority: 2,
    },
    {
      key: 'since',
      label: t('sites.incidents.column.since'),
      text: (row) => format.instant(row.opened_at, { year: false }),
      sort: (row) => row.opened_at,
      firstDirection: 'descending',
      align: 'end',
      width_px: 124,
      priority: 2,
    },
    {
      key: 'lasted',
      label: t('sites.incidents.column.lasted'),
      text: (row) => format.duration(row.duration_s * 1000),
      sort: (row) => row.duration_s,
      firstDirection: 'descending',
      align: 'end',
      width_px: 140,
      priority: 2,
    },
    {
      key: 'sites',
      label: t('sites.incidents.column.sites'),
      text: (row) => format.number(row.state === 'open' ? row.sites_now : row.sites_ever),
      sort: (row) => row.sites_ever,
      firstDirection: 'descending',
      align: 'end',
      width_px: 76,
    },
  ]
}
