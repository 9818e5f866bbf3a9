import { sql } from 'kysely'
import type { FounderKind } from '../../contract/index.ts'
import { isCovered, type Jurisdiction } from '../../db/access-scope.ts'
import type { ReadExecutor } from '../../db/executor.ts'

/** What a row is about, as far as rights depend on it. */
export interface RowSubject {
  /** Unit that the row was identified as; null or below zero: one that the file makes. */
  ref: number | null
  head_ref: number | null
  municipality_id: number | null
  founder_kind: FounderKind | null
}

/** Which rows a sender may send. */
export interface OwnTerritory {
  /** Whether the sender answers for what the row is about, before and after it is taken. */
  includes: (subject: RowSubject) => boolean
  /** Whether the sender may learn of the unit. */
  shows: (ref: number) => boolean
}

const WHOLE_REGION: OwnTerritory = { includes: () => true, shows: () => true }

interface Standing {
  municipality_id: number | null
  founder_kind: FounderKind | null
}

/** Units that the jurisdictions cover, with where they stand today. */
async function listCovered(db: ReadExecutor, jurisdictions: readonly Jurisdiction[]): Promise<Map<number, Standing>> {
  const rows = await db
    .selectFrom('org_unit')
    .where(isCovered({ kind: 'jurisdictions', jurisdictions }, sql`org_unit.org_unit_id`))
    .select(['org_unit_id', 'municipality_id', 'founder_kind'])
    .execute()
  return new Map(rows.map((row) => [row.org_unit_id, row as Standing & { org_unit_id: number }]))
}

async function listPaths(db: ReadExecutor): Promise<Map<number, number[]>> {
  const rows = await db
    .selectFrom('org_unit')
    .where('kind', '=', 'municipality')
    .select(['org_unit_id', 'path'])
    .execute()
  return new Map(rows.map((row) => [row.org_unit_id, row.path]))
}

/**
 * Rights of a sender over rows of a registry sheet, by today's structure and founders.
 * @param jurisdictions what the sender answers for; null: the whole region
 */
export async function findOwnTerritory(
  db: ReadExecutor,
  jurisdictions: readonly Jurisdiction[] | null,
): Promise<OwnTerritory> {
  if (jurisdictions === null) return WHOLE_REGION
  const covered = await listCovered(db, jurisdictions)
  const paths = await listPaths(db)
  const lies = (municipality_id: number): boolean =>
    jurisdictions.some(({ org_unit_id }) => paths.get(municipality_id)?.includes(org_unit_id) === true)
  const admits = (municipality_id: number, founder_kind: FounderKind | null): boolean =>
    jurisdictions.some(
      ({ org_unit_id, founder_kinds }) =>
        paths.get(municipality_id)?.includes(org_unit_id) === true &&
        (founder_kinds === null || (founder_kind !== null && founder_kinds.includes(founder_kind))),
    )
  /** A grant for a single organisation admits no other place, but the organisation stays where it is. */
  const isUnmoved = (known: Standing | undefined, place: number, founder: FounderKind | null): boolean =>
    known !== undefined && known.municipality_id === place && known.founder_kind === founder
  const isOwn = (ref: number | null): boolean => ref === null || ref < 0 || covered.has(ref)
  return {
    shows: (ref) => isOwn(ref),
    includes({ ref, head_ref, municipality_id, founder_kind }) {
      if (!isOwn(ref) || !isOwn(head_ref)) return false
      // A known unit keeps what the row does not name; a new one must be named as the sender's own.
      if (ref !== null && ref > 0 && municipality_id === null && founder_kind === null) return true
      const known = covered.get(ref ?? 0) ?? covered.get(head_ref ?? 0)
      const place = municipality_id ?? known?.municipality_id ?? null
      const founder = founder_kind ?? known?.founder_kind ?? null
      // Below an organisation that the file itself makes, and that was admitted with its place and founder.
      const isBelowNew = head_ref !== null && head_ref < 0
      if (place === null) return isBelowNew
      return (
        admits(place, founder) || isUnmoved(known, place, founder) || (isBelowNew && founder === null && lies(place))
      )
    },
  }
}
