import type { BuildingInternet, OrganisationVerdicts } from '../../../api/internet.ts'
import type { useFormat } from '../../../composables/use-format.ts'
import { toMbps } from '../../internet/building-rows.ts'

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  format: Pick<ReturnType<typeof useFormat>, 'number'>
}

/** What was found about an organisation: its verdict on the norm, and the building that it comes from by name. */
export function tellSchool(organisation: OrganisationVerdicts, { t, format }: Words): string | null {
  const { norm_verdict, worst_unit_id, buildings } = organisation
  const worst = buildings.find(({ org_unit_id }) => org_unit_id === worst_unit_id)
  if (norm_verdict === null || worst === undefined) {
    const status = buildings.find((building) => building.status !== null)?.status ?? null
    return status === null ? null : t('internet.school.lede_excused', { status: t(`words.status.${status}`) })
  }
  const named = {
    name: worst.short_name,
    measured: format.number(toMbps(worst.measured.median_download_kbps), 1),
    norm: format.number(toMbps(worst.norm.norm_kbps)),
  }
  if (norm_verdict === 'meets') return t('internet.school.lede_meets', named)
  if (norm_verdict === 'not_enough_data') return t('internet.school.lede_unknown', named)
  return t(
    worst.norm.reason === 'no_connection' ? 'internet.school.lede_below_no_line' : 'internet.school.lede_below',
    named,
  )
}

/** Places of which no program was ever heard. */
export function listNeverSetUp(organisation: OrganisationVerdicts): string[] {
  return organisation.buildings
    .filter(({ silence }) => silence.silence === 'never_set_up')
    .map(({ short_name }) => short_name)
}

/** Places whose newest test came to no result, with its cause. */
export function listFailing(places: readonly BuildingInternet[]) {
  return places.flatMap(({ org_unit_id, name, tests: [newest] }) =>
    newest?.validity === 'failed' && newest.cause !== null ? [{ org_unit_id, name, cause: newest.cause }] : [],
  )
}
