import type { IndicatorValue, IndicatorValues } from '../../api/indicators.ts'

/** One org unit with its value of each indicator; an indicator that has no row for the unit is absent. */
export interface UnitRow {
  org_unit_id: number
  name: string
  values: ReadonlyMap<string, IndicatorValue>
}

/** Turns the tables of several indicators into rows by org unit, in the order of their first table. */
export function joinByUnit(tables: readonly IndicatorValues[]): UnitRow[] {
  const units = new Map<number, { name: string; values: Map<string, IndicatorValue> }>()
  for (const table of tables) {
    for (const value of table.rows) {
      const unit = units.get(value.org_unit_id) ?? {
        name: value.org_unit_name,
        values: new Map<string, IndicatorValue>(),
      }
      unit.values.set(table.indicator.code, value)
      units.set(value.org_unit_id, unit)
    }
  }
  return [...units].map(([org_unit_id, unit]) => ({ org_unit_id, ...unit }))
}

/** The unit with the lowest value of an indicator among those that have one; null when none has. */
export function findWorst(rows: readonly UnitRow[], code: string): UnitRow | null {
  let worst: UnitRow | null = null
  let least = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const ratio = row.values.get(code)?.value_ratio ?? null
    if (ratio !== null && ratio < least) {
      least = ratio
      worst = row
    }
  }
  return worst
}
