import type { SitesOverview } from '../../api/schemas.ts'
import type { TableColumn } from '../../components/table-columns.ts'
import type { useFormat } from '../../composables/use-format.ts'

export type UnitRow = SitesOverview['rows'][number]

interface Words {
  t: (key: string) => string
  format: Pick<ReturnType<typeof useFormat>, 'ratio' | 'number'>
  shortOf: (code: string) => string
  /** Rows are organisations inside a municipality, and territories above it. */
  ofOrganisations: boolean
}

/**
 * The least coverage among the values that a row shows: it is as well founded as the weakest of them. A withheld value
 * says of itself that data are few; only a row without any value shows their coverage. Null: none has reported.
 */
export function findLeastCoverage(row: Pick<UnitRow, 'figures'>): number | null {
  const figures = Object.values(row.figures)
  const shown = figures.filter((figure) => figure.value !== null)
  const known = (shown.length > 0 ? shown : figures).flatMap((figure) =>
    figure.coverage_ratio === null ? [] : [figure.coverage_ratio],
  )
  return known.length === 0 ? null : Math.min(...known)
}

/** The unit with the lowest value of an indicator among those that have one; null when none has. */
export function findLowest(rows: readonly UnitRow[], code: string): UnitRow | null {
  let lowest: UnitRow | null = null
  let least = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const value = row.figures[code]?.value ?? null
    if (value !== null && value < least) {
      least = value
      lowest = row
    }
  }
  return lowest
}

/** Unit, a column for each indicator, the coverage that they stand on, and the number of sites. */
export function listIndicatorColumns(
  codes: readonly string[],
  { t, format, shortOf, ofOrganisations }: Words,
): TableColumn<UnitRow>[] {
  const first = codes[0] ?? ''
  return [
    {
      key: 'name',
      label: t(`sites.by_municipality.${ofOrganisations ? 'organisation' : 'municipality'}`),
      text: (row) => row.short_name,
      sort: (row) => row.short_name,
      width_px: 210,
      isRowHead: true,
    },
    ...codes.map((code, index): TableColumn<UnitRow> => ({
      key: code,
      label: `${shortOf(code)}, %`,
      text: (row) => format.ratio(row.figures[code]?.value ?? null),
      sort: (row) => row.figures[code]?.value ?? null,
      align: 'end',
      width_px: 128,
      priority: index === 0 ? 1 : 2,
    })),
    {
      key: 'coverage',
      label: t('sites.by_municipality.coverage'),
      text: (row) => format.ratio(findLeastCoverage(row), 0),
      sort: findLeastCoverage,
      align: 'end',
      width_px: 110,
    },
    {
      key: 'sites',
      label: t('sites.by_municipality.sites'),
      text: (row) => format.number(row.figures[first]?.expected ?? null),
      sort: (row) => row.figures[first]?.expected ?? null,
      firstDirection: 'descending',
      align: 'end',
      width_px: 72,
      priority: 2,
    },
  ]
}
