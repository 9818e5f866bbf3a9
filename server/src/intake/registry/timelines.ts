import type { UnitDraft } from './plan.ts'
import { fieldsOf, versionOn, type RegistrySnapshot, type UnitFields } from './snapshot.ts'
import type { TerritoryIndex } from './territories.ts'

/** Where a unit stands from a day on. */
export interface Standing {
  valid_from: string
  parent_id: number
  municipality_id: number
  path: number[]
}

/** A version to be written: where it stands, and what is known of it. */
export interface PlacedVersion extends Standing {
  org_unit_id: number
  fields: UnitFields
  source_place: string
}

/** What the writing of drafts is decided by. */
export interface PlacementContext {
  snapshot: RegistrySnapshot
  territories: TerritoryIndex
  /** Id of a ref: the ref itself for known units. */
  idOf: (ref: number) => number
}

function nextKnownDay(snapshot: RegistrySnapshot, ref: number, after: string): string | null {
  return snapshot.units.get(ref)?.versions.find((version) => version.valid_from > after)?.valid_from ?? null
}

/** Standings of an organisation: from its draft's day on, and from each later end of its territory. */
function standOrganisation(draft: UnitDraft, context: PlacementContext): Standing[] {
  if (draft.territory_id === null) throw new Error('An organisation stands in a territory')
  const org_unit_id = context.idOf(draft.ref)
  return context.territories.follow(draft.territory_id, draft.valid_from).map((step) => ({
    valid_from: step.valid_from,
    parent_id: step.path.at(-1) ?? step.municipality_id,
    municipality_id: step.municipality_id,
    path: [...step.path, org_unit_id],
  }))
}

function listKnownStandings(snapshot: RegistrySnapshot, ref: number): Standing[] {
  const versions = snapshot.units.get(ref)?.versions ?? []
  return versions.flatMap(({ valid_from, parent_id, municipality_id, path }) =>
    parent_id === null || municipality_id === null ? [] : [{ valid_from, parent_id, municipality_id, path }],
  )
}

/** Standings of a branch or building: its own day, and every later day on which its head moves. */
function standPart(draft: UnitDraft, head: readonly Standing[], context: PlacementContext): Standing[] {
  const org_unit_id = context.idOf(draft.ref)
  const own = draft.territory_id === null ? [] : context.territories.follow(draft.territory_id, draft.valid_from)
  const days = [...head, ...own].map(({ valid_from }) => valid_from).filter((day) => day > draft.valid_from)
  return [...new Set([draft.valid_from, ...days])].sort().flatMap((day) => {
    const above = head.findLast(({ valid_from }) => valid_from <= day) ?? head[0]
    if (above === undefined) return []
    const place = own.findLast(({ valid_from }) => valid_from <= day)
    const municipality_id = place?.municipality_id ?? above.municipality_id
    const parent_id = above.path.at(-1) ?? above.parent_id
    return [{ valid_from: day, parent_id, municipality_id, path: [...above.path, org_unit_id] }]
  })
}

/** Standings that a draft adds: those before the unit's next known version, which stays as it is. */
function cut(standings: Standing[], draft: UnitDraft, snapshot: RegistrySnapshot): Standing[] {
  const next = nextKnownDay(snapshot, draft.ref, draft.valid_from)
  return next === null ? standings : standings.filter(({ valid_from }) => valid_from < next)
}

function mergeStandings(known: Standing[], added: Standing[]): Standing[] {
  const byDay = new Map([...known, ...added].map((standing) => [standing.valid_from, standing]))
  return [...byDay.values()].sort((a, b) => (a.valid_from < b.valid_from ? -1 : 1))
}

/** Parts of moved organisations that the import does not speak of: they move along, otherwise unchanged. */
function draftParts(
  moved: ReadonlyMap<number, UnitDraft>,
  drafted: ReadonlySet<number>,
  snapshot: RegistrySnapshot,
): UnitDraft[] {
  const parts: UnitDraft[] = []
  for (const unit of snapshot.units.values()) {
    const last = unit.versions.at(-1)
    if (unit.level === 'organisation' || last === undefined || drafted.has(unit.org_unit_id)) continue
    const head = last.parent_id === null ? undefined : moved.get(last.parent_id)
    if (head === undefined || last.is_closed) continue
    const { valid_from, source_place } = head
    const day = last.valid_from > valid_from ? last.valid_from : valid_from
    const part = { ref: unit.org_unit_id, level: unit.level, head_ref: last.parent_id, territory_id: null }
    parts.push({ ...part, valid_from: day, fields: fieldsOf(last), source_place, is_changed: true })
  }
  return parts
}

function isMoved(draft: UnitDraft, timelines: ReadonlyMap<number, Standing[]>, snapshot: RegistrySnapshot): boolean {
  const known = snapshot.units.get(draft.ref)
  if (known === undefined) return false
  const now = timelines.get(draft.ref)?.findLast(({ valid_from }) => valid_from <= draft.valid_from)
  return now?.path.join() !== versionOn(known, draft.valid_from).path.join()
}

/** All versions that the drafts come to, heads before their parts. */
export function placeDrafts(drafts: readonly UnitDraft[], context: PlacementContext): PlacedVersion[] {
  const { snapshot } = context
  const placed: PlacedVersion[] = []
  const timelines = new Map<number, Standing[]>()
  const place = (draft: UnitDraft, standings: Standing[]): void => {
    const added = cut(standings, draft, snapshot)
    timelines.set(draft.ref, mergeStandings(listKnownStandings(snapshot, draft.ref), added))
    const org_unit_id = context.idOf(draft.ref)
    const { fields, source_place } = draft
    placed.push(...added.map((standing) => ({ ...standing, org_unit_id, fields, source_place })))
  }
  const heads = drafts.filter((draft) => draft.level === 'organisation')
  for (const draft of heads) place(draft, standOrganisation(draft, context))
  const moved = new Map(heads.filter((draft) => isMoved(draft, timelines, snapshot)).map((draft) => [draft.ref, draft]))
  const parts = drafts.filter((draft) => draft.level !== 'organisation')
  const drafted = new Set(parts.map(({ ref }) => ref))
  for (const draft of [...parts, ...draftParts(moved, drafted, snapshot)]) {
    const head_ref = draft.head_ref ?? 0
    const head = timelines.get(head_ref) ?? listKnownStandings(snapshot, head_ref)
    place(draft, standPart(draft, head, context))
  }
  return placed
}
