import type { OrgUnitRow } from '../../api/org-units.ts'
import type { SiteVerdict } from '../../components/status.ts'
import type { TableColumn } from '../../components/table-columns.ts'

type Translate = (key: string, named?: Record<string, unknown>) => string

/** Problems first: what does not work stands above what cannot be judged, that above what works. */
const VERDICT_RANK: Record<SiteVerdict, number> = { does_not_work: 0, cannot_tell: 1, blocks_robots: 2, works: 3 }

export function listSchoolColumns(t: Translate, writeInstant: (instant: string) => string): TableColumn<OrgUnitRow>[] {
  return [
    {
      key: 'name',
      label: t('schools.column.name'),
      text: (row) => row.name,
      sort: (row) => row.name,
      width_px: 240,
      isRowHead: true,
    },
    {
      key: 'municipality',
      label: t('schools.column.municipality'),
      text: (row) => row.municipality_name ?? '',
      sort: (row) => row.municipality_name,
      width_px: 190,
      priority: 2,
    },
    {
      key: 'kind',
      label: t('schools.column.kind'),
      text: (row) => (row.org_kind === null ? '' : t(`words.org_kind.${row.org_kind}`)),
      sort: (row) => row.org_kind,
      width_px: 130,
      priority: 3,
    },
    {
      key: 'founder',
      label: t('schools.column.founder'),
      text: (row) => (row.founder_kind === null ? '' : t(`words.founder_kind.${row.founder_kind}`)),
      sort: (row) => row.founder_kind,
      width_px: 130,
      priority: 3,
    },
    {
      key: 'inn',
      label: t('schools.column.inn'),
      text: (row) => row.inn ?? '',
      sort: (row) => row.inn,
      width_px: 110,
      priority: 3,
    },
    {
      key: 'verdict',
      label: t('schools.column.verdict'),
      text: (row) => (row.sites === 0 ? t('schools.no_site') : t(`words.verdict.${row.verdict ?? 'not_checked'}`)),
      sort: (row) => (row.verdict === null ? null : VERDICT_RANK[row.verdict]),
      width_px: 190,
    },
    {
      key: 'checked',
      label: t('schools.column.checked'),
      text: (row) => (row.checked_at === null ? '' : writeInstant(row.checked_at)),
      sort: (row) => row.checked_at,
      align: 'end',
      width_px: 120,
      priority: 2,
    },
    {
      key: 'subsections',
      label: t('schools.column.subsections'),
      text: (row) =>
        row.subsections_present === null
          ? ''
          : t('schools.of', { present: row.subsections_present, expected: row.subsections_expected ?? 0 }),
      sort: (row) => row.subsections_present,
      align: 'end',
      width_px: 104,
      priority: 2,
    },
  ]
}
