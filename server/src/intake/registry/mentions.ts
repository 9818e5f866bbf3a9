import {
  identifyOrganisation,
  identifyOwner,
  type IdentityClaim,
  type Identification,
} from '../../domain/identification.ts'
import type { RegistryIndex } from '../../domain/registry-index.ts'
import type { JudgedRow } from '../sheet-rows.ts'
import { rowKey } from './plan.ts'
import type { RegistryRow } from './row.ts'

/** What a row is identified by. */
export function claimOf(row: RegistryRow): IdentityClaim {
  return { ...row, name: row.full_name ?? row.short_name }
}

function refsOf(found: Identification): number[] {
  if (found.outcome === 'unit') return [found.ref]
  return found.outcome === 'ambiguous' ? found.candidates.map(({ ref }) => ref) : []
}

/**
 * Units that a row may mean although it is not taken. Of a refused branch or building only the head is sure, so that
 * all parts of it count.
 */
function guess(row: RegistryRow, index: RegistryIndex): number[] {
  if (row.is_building_list) return refsOf(identifyOwner(claimOf(row), index))
  if (row.level !== 'branch' && row.level !== 'building') return refsOf(identifyOrganisation(claimOf(row), index))
  const inn = row.head_inn ?? row.inn
  const heads = inn === null ? [] : index.withInn(inn)
  const { level } = row
  return heads.flatMap(({ ref }) => [ref, ...index.below(ref, level).map((part) => part.ref)])
}

/** Known units that rows of a file speak of, taken or not, and their heads: none of them is missing from the file. */
export function listMentionedUnits(
  rows: readonly RegistryRow[],
  judged: readonly JudgedRow[],
  index: RegistryIndex,
): Set<number> {
  const byKey = new Map(rows.map((row) => [rowKey(row), row]))
  const mentioned = new Set<number>()
  for (const verdict of judged) {
    const row = byKey.get(rowKey(verdict))
    const named = [verdict.org_unit_id, ...verdict.candidates.map(({ org_unit_id }) => org_unit_id)]
    const guessed = verdict.org_unit_id === null && row !== undefined ? guess(row, index) : []
    for (const ref of [...named, ...guessed]) {
      if (ref === null || ref < 0) continue
      mentioned.add(ref)
      const head_ref = index.get(ref)?.head_ref ?? null
      if (head_ref !== null) mentioned.add(head_ref)
    }
  }
  return mentioned
}
