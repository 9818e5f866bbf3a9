import type { RegistryIndex, UnitLevel } from '../../domain/registry-index.ts'
import type { Changes, UnitDraft } from './plan.ts'
import type { RegistryRow } from './row.ts'
import {
  fieldsOf,
  founderOf,
  versionOn,
  type KnownUnitHistory,
  type RegistrySnapshot,
  type UnitFields,
  type UnitVersion,
} from './snapshot.ts'

/** Fields that a row may state about its unit; null leaves the former value. */
export type StatedFields = { [Field in keyof Omit<UnitFields, 'is_closed'>]: UnitFields[Field] | null }

export interface DraftRequest {
  /** Known unit, or null for a new one. */
  ref: number | null
  level: UnitLevel
  head_ref: number | null
  stated: StatedFields
  row: RegistryRow
}

export interface DraftResult {
  ref: number
  changes: Changes
  /** Fields in which an earlier row of the file says something else: that row stands. */
  contradicted: string[]
  is_new: boolean
  /** The first later day on which known values differ from what is written now; null: what is written goes on. */
  later: { valid_from: string; fields: string[] } | null
}

const BLANK: Omit<UnitFields, 'full_name' | 'short_name'> = {
  org_kind: null,
  founder_kind: null,
  inn: null,
  ogrn: null,
  kpp: null,
  oktmo: null,
  settlement_kind: null,
  settlement_name: null,
  address: null,
  latitude: null,
  longitude: null,
  cadastral_number: null,
  is_closed: false,
}

function lowestTerritory(version: UnitVersion, level: UnitLevel): number | null {
  return level === 'organisation' ? version.parent_id : null
}

/** Versions that an import will write, one a unit, grown row by row; the index learns of each. */
export class Drafts {
  readonly #byRef = new Map<number, UnitDraft>()
  readonly #index: RegistryIndex
  readonly #snapshot: RegistrySnapshot
  #nextRef = -1

  constructor(snapshot: RegistrySnapshot, index: RegistryIndex) {
    this.#snapshot = snapshot
    this.#index = index
  }

  /** Drafts that have to be written. */
  listChanged(): UnitDraft[] {
    return [...this.#byRef.values()].filter((draft) => draft.is_changed)
  }

  /** Adds what a row states to the unit's draft. */
  state(request: DraftRequest): DraftResult {
    const { ref, row } = request
    if (ref === null) return this.#create(request)
    const draft = this.#byRef.get(ref)
    return draft === undefined ? this.#change(ref, request) : this.#fill(draft, request, row)
  }

  #create(request: DraftRequest): DraftResult {
    const { level, head_ref, stated, row } = request
    const ref = this.#nextRef--
    const name = stated.full_name ?? stated.short_name
    if (name === null) throw new Error('A new unit needs a name')
    const { fields, changes } = overlay({ ...BLANK, full_name: name, short_name: stated.short_name ?? name }, stated)
    const territory_id = level === 'building' ? null : row.territory_id
    this.#byRef.set(ref, this.#draft(ref, { level, head_ref, territory_id, fields, is_changed: true, row }))
    this.#index.add({
      ...fields,
      ref,
      level,
      head_ref,
      municipality_id: row.municipality_id,
      founder_kind: row.founder_kind,
    })
    const said = { full_name: { from: null, to: fields.full_name }, short_name: { from: null, to: fields.short_name } }
    return { ref, changes: { ...said, ...changes }, contradicted: [], is_new: true, later: null }
  }

  #change(ref: number, request: DraftRequest): DraftResult {
    const { level, head_ref, stated, row } = request
    const history = this.#snapshot.units.get(ref)
    if (history === undefined) throw new Error(`Org unit ${ref} is not in the snapshot`)
    const base = versionOn(history, row.valid_from)
    const { fields, changes } = overlay(fieldsOf(base), stated)
    const before = lowestTerritory(base, level)
    const territory_id = level === 'building' ? null : (row.territory_id ?? before)
    const isMoved = level === 'organisation' && territory_id !== null && this.#isElsewhere(before, territory_id)
    if (isMoved) changes['territory'] = { from: this.#territoryName(before), to: this.#territoryName(territory_id) }
    const own = level === 'organisation' && !isMoved ? before : territory_id
    const is_changed = Object.keys(changes).length > 0
    this.#byRef.set(ref, this.#draft(ref, { level, head_ref, territory_id: own, fields, is_changed, row }))
    const later = findLaterDifference(history, row.valid_from, fields, Object.keys(changes))
    return { ref, changes, contradicted: [], is_new: false, later }
  }

  /** A second row about a unit of the file adds what the first left out, and changes nothing that it said. */
  #fill(draft: UnitDraft, request: DraftRequest, row: RegistryRow): DraftResult {
    const changes: Changes = {}
    const contradicted: string[] = []
    for (const [field, value] of Object.entries(request.stated) as [keyof StatedFields, string | number | null][]) {
      const present = draft.fields[field]
      if (value === null || value === present) continue
      if (present !== null) contradicted.push(field)
      else {
        changes[field] = { from: null, to: value }
        Object.assign(draft.fields, { [field]: value })
        draft.is_changed = true
      }
    }
    const isElsewhere =
      draft.level === 'organisation' && row.territory_id !== null && draft.territory_id !== row.territory_id
    if (isElsewhere && this.#isElsewhere(draft.territory_id, row.territory_id)) contradicted.push('territory')
    return { ref: draft.ref, changes, contradicted, is_new: false, later: null }
  }

  /** A municipality named for a unit that stands in one of its districts is no move. */
  #isElsewhere(before: number | null, after: number | null): boolean {
    if (before === after || before === null || after === null) return before !== after
    const territory = this.#snapshot.territories.find((candidate) => candidate.org_unit_id === before)
    return territory?.path.includes(after) !== true
  }

  #territoryName(id: number | null): string | null {
    return this.#snapshot.territories.find((territory) => territory.org_unit_id === id)?.short_name ?? null
  }

  #draft(ref: number, from: Omit<UnitDraft, 'ref' | 'valid_from' | 'source_place'> & { row: RegistryRow }): UnitDraft {
    const { row, ...rest } = from
    return { ...rest, ref, valid_from: row.valid_from, source_place: `${row.sheet_name}!${row.row_no}` }
  }
}

/** The next known version, where it says something else of the changed fields than what is written before it. */
function findLaterDifference(history: KnownUnitHistory, day: string, fields: UnitFields, changed: readonly string[]) {
  const next = history.versions.find((version) => version.valid_from > day)
  if (next === undefined) return null
  const after: Record<string, unknown> = { ...fieldsOf(next) }
  const before: Record<string, unknown> = { ...fields }
  const differing = changed.filter((field) => field in before && before[field] !== after[field])
  return differing.length === 0 ? null : { valid_from: next.valid_from, fields: differing }
}

function overlay(base: UnitFields, stated: StatedFields): { fields: UnitFields; changes: Changes } {
  const fields = { ...base }
  const changes: Changes = {}
  for (const [field, value] of Object.entries(stated) as [keyof StatedFields, string | number | null][]) {
    if (value === null || value === base[field]) continue
    changes[field] = { from: base[field], to: value }
    Object.assign(fields, { [field]: value })
  }
  return { fields, changes }
}

/** Units of the snapshot as identification knows them; closed ones are not found any more. */
export function* listKnownUnits(snapshot: RegistrySnapshot) {
  for (const unit of snapshot.units.values()) {
    const version = versionOn(unit, '9999-12-31')
    if (version.is_closed) continue
    const head_ref = unit.level === 'organisation' ? null : version.parent_id
    yield { ...version, ref: unit.org_unit_id, level: unit.level, head_ref, founder_kind: founderOf(version) }
  }
}
