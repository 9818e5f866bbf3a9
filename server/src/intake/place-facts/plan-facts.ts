import type { PlaceFact, PlaceFactTable } from '../../db/place-facts.ts'
import { PLACE_FACT_KEYS } from '../../db/place-facts.ts'
import type { RegistryIndex } from '../../domain/registry-index.ts'
import type { RowDecision } from '../decisions.ts'
import type { OwnTerritory } from '../registry/own-territory.ts'
import type { CellIssue, FieldChange, JudgedRow, RawRow, RowVerdict } from '../sheet-rows.ts'
import type { FactSpec, PlacedFact, StatedFact } from './fact-spec.ts'
import { PlaceFinder, type PlaceClaim } from './find-place.ts'

/** A row as it was read. */
export interface FactRow<Table extends PlaceFactTable> {
  raw: RawRow
  claim: PlaceClaim
  fact: StatedFact<Table> | null
  issues: CellIssue[]
}

/** What a plan is made from. */
export interface FactPlanning<Table extends PlaceFactTable> {
  index: RegistryIndex
  decisions: ReadonlyMap<string, RowDecision>
  own: OwnTerritory
  known: readonly PlaceFact<Table>[]
}

/** A fact that applying writes. */
export interface DraftFact<Table extends PlaceFactTable> {
  org_unit_id: number
  fact: StatedFact<Table>
  source_place: string
}

export interface FactPlan<Table extends PlaceFactTable> {
  rows: JudgedRow[]
  drafts: DraftFact<Table>[]
  /** Place of each row that was taken, by "sheet:row". */
  places: Map<string, number>
}

type Scalar = string | number | boolean | null

function changesOf(before: Record<string, unknown> | null, after: object): Record<string, FieldChange> {
  const changes: Record<string, FieldChange> = {}
  for (const [field, to] of Object.entries(after) as [string, Scalar][]) {
    const from = (before?.[field] ?? null) as Scalar
    if (from !== to) changes[field] = { from, to }
  }
  return changes
}

/** Decides row by row what a sheet of facts does. Pure: it reads nothing and writes nothing. */
export class FactPlanner<Table extends PlaceFactTable, Field extends string> {
  readonly #spec: FactSpec<Table, Field>
  readonly #from: FactPlanning<Table>
  readonly #finder: PlaceFinder
  readonly #known: ReadonlyMap<string, PlaceFact<Table>>
  readonly #taken = new Map<string, PlacedFact<Table> & { row: FactRow<Table> }>()
  readonly #drafts: DraftFact<Table>[] = []
  readonly #places = new Map<string, number>()

  constructor(spec: FactSpec<Table, Field>, from: FactPlanning<Table>) {
    this.#spec = spec
    this.#from = from
    this.#finder = new PlaceFinder(from.index, spec.grain)
    this.#known = new Map(from.known.map((fact) => [this.#keyOf(fact.org_unit_id, fact as StatedFact<Table>), fact]))
  }

  plan(rows: readonly FactRow<Table>[]): FactPlan<Table> {
    const judged = rows.map((row) => this.#planRow(row))
    this.#warn()
    return { rows: judged, drafts: this.#drafts, places: this.#places }
  }

  #keyOf(org_unit_id: number, fact: StatedFact<Table>): string {
    const values: Record<string, unknown> = { ...fact }
    return [org_unit_id, ...PLACE_FACT_KEYS[this.#spec.table].map((key) => values[key])].join('|')
  }

  #planRow(row: FactRow<Table>): JudgedRow {
    const decision = this.#from.decisions.get(row.claim.match_key)
    if (decision?.outcome === 'skip') return this.#judge(row, 'skipped', `Решение: не принимать. ${decision.reason}`)
    if (row.fact === null || row.issues.some(({ severity }) => severity === 'error')) {
      return this.#judge(row, 'refused', null)
    }
    const found = this.#finder.find(row.claim, decision)
    if (found.outcome === 'unknown') {
      this.#note(row, 'error', `Нет в реестре: ${found.reason}`, 'организация и здание из реестра')
      return this.#judge(row, 'refused', null)
    }
    if (found.outcome === 'ambiguous') {
      const units = found.units.filter((unit) => this.#from.own.shows(unit))
      if (units.length === 0 && found.units.length > 0) return this.#refuseForeign(row)
      const candidates = units.map((unit) => ({
        org_unit_id: unit,
        sheet_no: null,
        row_no: null,
        reason: found.reason,
      }))
      return { ...this.#judge(row, 'ambiguous', found.reason), candidates }
    }
    const { ref } = found.unit
    if (!this.#from.own.includes({ ref, head_ref: null, municipality_id: null, founder_kind: null })) {
      return this.#refuseForeign(row)
    }
    if (found.is_provisional) this.#note(row, 'warning', `Определено предварительно: ${found.reason}`, 'ИНН')
    return this.#take(row, row.fact, ref, found.reason)
  }

  #take(row: FactRow<Table>, fact: StatedFact<Table>, org_unit_id: number, reason: string): JudgedRow {
    const key = this.#keyOf(org_unit_id, fact)
    const first = this.#taken.get(key)
    const { raw } = row
    if (first !== undefined) {
      const first_row_no = first.row.raw.row_no
      if (Object.keys(changesOf(first.fact, fact)).length === 0) {
        return { ...this.#judge(row, 'skipped', `Повтор строки ${first_row_no}. ${reason}`), org_unit_id }
      }
      this.#note(row, 'error', `Строка ${first_row_no} говорит о том же иное`, null)
      return this.#judge(row, 'refused', reason)
    }
    const row_key = `${raw.sheet_no}:${raw.row_no}`
    this.#taken.set(key, { org_unit_id, fact, row_key, row })
    this.#places.set(row_key, org_unit_id)
    const before = this.#known.get(key) ?? null
    const changes = changesOf(before, fact)
    const verdict = before === null ? 'new' : Object.keys(changes).length > 0 ? 'changed' : 'same'
    if (verdict !== 'same') {
      this.#drafts.push({ org_unit_id, fact, source_place: `${raw.sheet_name}!${raw.row_no}` })
    }
    return { ...this.#judge(row, verdict, reason), org_unit_id, changes }
  }

  /** Looks at each place that the file speaks of as it will be. */
  #warn(): void {
    if (this.#spec.warn === undefined) return
    const after = new Map<string, PlacedFact<Table>>()
    for (const [key, fact] of this.#known) {
      after.set(key, { org_unit_id: fact.org_unit_id, fact, row_key: null })
    }
    for (const [key, taken] of this.#taken) after.set(key, taken)
    const rows = new Map([...this.#taken.values()].map(({ row_key, row }) => [row_key, row]))
    const spoken = new Set([...this.#taken.values()].map(({ org_unit_id }) => org_unit_id))
    const byPlace = Map.groupBy([...after.values()], ({ org_unit_id }) => org_unit_id)
    for (const org_unit_id of spoken) {
      for (const { row_key, message } of this.#spec.warn(byPlace.get(org_unit_id) ?? [])) {
        const row = rows.get(row_key)
        if (row !== undefined) this.#note(row, 'warning', message, null)
      }
    }
  }

  /** Of what the sender does not answer for the file learns nothing, not even whether it is known. */
  #refuseForeign(row: FactRow<Table>): JudgedRow {
    this.#note(row, 'error', 'Не ваша территория: за эту организацию отвечают другие', null)
    return this.#judge(row, 'refused', null)
  }

  #note(row: FactRow<Table>, severity: CellIssue['severity'], message: string, expected: string | null): void {
    const { sheet_name, row_no } = row.raw
    row.issues.push({ severity, sheet_name, row_no, column: null, cell: null, message, found: null, expected })
  }

  #judge({ raw, claim, issues }: FactRow<Table>, verdict: RowVerdict, identified_by: string | null): JudgedRow {
    const { sheet_no, row_no, sheet_name } = raw
    const place = { sheet_no, row_no, sheet_name, org_unit_id: null }
    return { ...place, verdict, identified_by, match_key: claim.match_key, candidates: [], issues, changes: {} }
  }
}
