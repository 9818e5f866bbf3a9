import type { TableColumn } from '../../components/table-columns.ts'
import { rankVerdict, type SchoolRow } from './school-row.ts'

interface Words {
  t: (key: string) => string
  writeInstant: (instant: string) => string
  /** What a cause means, in words; null: no cause. */
  meaningOf: (row: SchoolRow) => string | null
}

export function listSchoolColumns({ t, writeInstant, meaningOf }: Words): TableColumn<SchoolRow>[] {
  const column = (
    key: 'name' | 'municipality' | 'kind' | 'founder' | 'inn' | 'cause',
    width_px: number,
    read: (row: SchoolRow) => string | null,
    more: Partial<TableColumn<SchoolRow>> = {},
  ): TableColumn<SchoolRow> => ({
    key,
    label: t(`schools.column.${key}`),
    text: (row) => read(row) ?? '',
    sort: read,
    width_px,
    ...more,
  })
  return [
    column('name', 270, ({ unit }) => unit.short_name, { isRowHead: true }),
    column('municipality', 160, ({ unit }) => unit.city_district_name ?? unit.municipality_name, { priority: 2 }),
    column('kind', 110, ({ unit }) => (unit.org_kind === null ? null : t(`words.org_kind.${unit.org_kind}`)), {
      priority: 3,
    }),
    column(
      'founder',
      116,
      ({ unit }) => (unit.founder_kind === null ? null : t(`words.founder_kind.${unit.founder_kind}`)),
      { priority: 3 },
    ),
    column('inn', 110, ({ unit }) => unit.inn, { priority: 3 }),
    {
      key: 'verdict',
      label: t('schools.column.verdict'),
      text: ({ state }) =>
        state === null ? t('schools.no_site') : t(`words.verdict.${state.verdict ?? 'not_checked'}`),
      sort: ({ state }) => (state === null ? null : rankVerdict(state.verdict)),
      width_px: 150,
    },
    column('cause', 210, meaningOf, { priority: 2 }),
    {
      key: 'checked',
      label: t('schools.column.checked'),
      text: ({ state }) => (state?.last_checked_at ? writeInstant(state.last_checked_at) : ''),
      sort: ({ state }) => state?.last_checked_at ?? null,
      firstDirection: 'descending',
      align: 'end',
      width_px: 126,
      priority: 2,
    },
  ]
}
