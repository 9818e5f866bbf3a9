import type { ReadExecutor } from '../../db/executor.ts'
import { evaluate, type Figure } from '../../indicators/evaluate.ts'
import { placeIndicator, type Standpoint } from '../../indicators/evaluation-context.ts'
import { INDICATORS } from '../../indicators/list.ts'
import { shownPeriodOf, standingOf } from './answers.ts'

interface OverviewRow {
  org_unit_id: number
  kind: string
  short_name: string
  figures: Record<string, Figure>
}

/** All indicators of sites in one answer. Every indicator lists the same units: they share structure and sites. */
export async function overviewOf(db: ReadExecutor, standpoint: Standpoint) {
  const evaluations = await Promise.all(
    INDICATORS.map(async (indicator) => {
      const placed = placeIndicator(indicator, standpoint)
      return { code: indicator.code, placed, ...(await evaluate(db, indicator, placed.context)) }
    }),
  )
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
