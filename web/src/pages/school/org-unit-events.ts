import type { OrgUnitCard } from '../../api/schemas.ts'

/** One thing that happened to a unit, for its history line. */
export interface OrgUnitEvent {
  on: string
  text: string
  source: string | null
}

type Translate = (key: string, named?: Record<string, unknown>) => string
type Version = OrgUnitCard['versions'][number]

/** What a version of the registry changed against the one before it; the first one says how the unit was called. */
function describeVersion(version: Version, before: Version | undefined, t: Translate): string | null {
  if (before === undefined) return version.full_name
  if (version.is_closed && !before.is_closed) return t('school.event.closed')
  if (version.full_name !== before.full_name) return t('school.event.renamed', { name: version.full_name })
  if (version.municipality_id !== before.municipality_id) {
    return t('school.event.moved', { name: version.municipality_name ?? '' })
  }
  if (version.address !== before.address) return t('school.event.address', { address: version.address ?? '' })
  return null
}

/** The history of a unit in order: versions that changed something a person would notice, successions, dated states. */
export function listOrgUnitEvents(card: OrgUnitCard, t: Translate): OrgUnitEvent[] {
  const versions = card.versions.toReversed()
  const changes = versions.flatMap((version, index) => {
    const text = describeVersion(version, versions[index - 1], t)
    return text === null ? [] : [{ on: version.valid_from, text, source: null }]
  })
  const successions = card.successions.map((succession) => ({
    on: succession.effective_on,
    text:
      succession.successor_id === card.unit.org_unit_id
        ? t(`school.event.from_${succession.kind}`, { name: succession.predecessor_name })
        : t(`school.event.to_${succession.kind}`, { name: succession.successor_name }),
    source: succession.document,
  }))
  const statuses = card.statuses.map((status) => ({
    on: status.valid_from,
    text: t(`words.status.${status.status}`),
    source: status.order_number,
  }))
  return [...changes, ...successions, ...statuses].sort((left, right) => left.on.localeCompare(right.on))
}
