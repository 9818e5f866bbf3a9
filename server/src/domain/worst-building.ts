import type { NormJudgement, NormVerdict } from './internet-norm.ts'

export interface JudgedBuilding {
  org_unit_id: number
  judgement: NormJudgement
}

export interface OrganisationNorm<Building extends JudgedBuilding> {
  verdict: NormVerdict
  /** The building that the verdict speaks of: the slowest of the deciding ones; null only without buildings. */
  worst: Building | null
}

/** No connection is worse than any speed; an unknown speed sorts after all known ones. */
function speedOf({ judgement }: JudgedBuilding): number {
  if (judgement.reason === 'no_connection') return -1
  if (judgement.median_download_kbps === null || judgement.norm_kbps === null) return Number.POSITIVE_INFINITY
  return judgement.median_download_kbps / judgement.norm_kbps
}

/**
 * An organisation is as good as its worst building, measured by each one's own norm: below where one is, meeting it
 * where all do, undecided otherwise. Buildings that a status excuses are left out before.
 */
export function judgeOrganisation<Building extends JudgedBuilding>(
  buildings: readonly Building[],
): OrganisationNorm<Building> {
  const deciding = (['below', 'not_enough_data', 'meets'] as const).find((verdict) =>
    buildings.some(({ judgement }) => judgement.verdict === verdict),
  )
  const candidates = buildings.filter(({ judgement }) => judgement.verdict === deciding)
  const [worst] = candidates.toSorted((a, b) => speedOf(a) - speedOf(b) || a.org_unit_id - b.org_unit_id)
  return { verdict: deciding ?? 'not_enough_data', worst: worst ?? null }
}
