import type { ReadExecutor } from '../../db/executor.ts'
import { evaluateTogether, type Figure } from '../../indicators/evaluate.ts'
import { placeIndicator, type Standpoint } from '../../indicators/evaluation-context.ts'
import { SITE_INDICATORS } from '../../indicators/list.ts'
import { shownPeriodOf, standingOf } from './answers.ts'

interface OverviewRow {
  org_unit_id: number
  kind: string
  short_name: string
  figures: Record<string, Figure>
}

/** All indicators of sites in one answer. Every indicator lists the same units: they share structure and sites. */
export async function overviewOf(db: ReadExecutor, standpoint: Standpoint) {
  const placed = SITE_INDICATORS.map((indicator) => placeIndicator(indicator, standpoint))
  // Periods of other kinds may end on other days, and then stand on another structure.
  const byDay = Map.groupBy(placed, ({ context }) => context.day)
  const evaluations = await Promise.all(
    [...byDay.values()].map(async ([first, ...others]) => {
      if (first === undefined) return []
      const evaluated = await evaluateTogether(db, first, others)
      return [first, ...others].map((one, index) => ({
        code: one.indicator.code,
        placed: one,
        total: evaluated[index]?.total,
        rows: evaluated[index]?.rows ?? [],
      }))
    }),
  ).then((groups) => groups.flat())
  const rows = new Map<number, OverviewRow>()
  for (const { code, rows: own } of evaluations) {
    for (const { figure, ...unit } of own) {
      const row = rows.get(unit.org_unit_id) ?? { ...unit, figures: {} }
      row.figures[code] = figure
      rows.set(unit.org_unit_id, row)
    }
  }
  return {
    ...standingOf(standpoint),
    periods: Object.fromEntries(evaluations.map(({ code, placed }) => [code, shownPeriodOf(placed)])),
    total: Object.fromEntries(evaluations.map(({ code, total }) => [code, total])),
    rows: [...rows.values()],
  }
}
