import type { SilenceClass } from '../../domain/building-silence.ts'
import type { MeasuredPlace } from '../../speed-verdicts/measured-places.ts'
import type { PlaceSilence } from '../../speed-verdicts/place-silence.ts'

/** Whom to look after first. */
const URGENCY: readonly SilenceClass[] = ['silent', 'at_risk', 'never_set_up']

/** How many buildings are in each class, and those that somebody has to look after, the longest silent first. */
export function silentAnswer(places: readonly MeasuredPlace[], silences: ReadonlyMap<number, PlaceSilence>) {
  const classes: Record<string, number> = {}
  const rows = places.flatMap((place) => {
    const silence = silences.get(place.org_unit_id)
    if (silence === undefined) return []
    classes[silence.silence] = (classes[silence.silence] ?? 0) + 1
    if (!URGENCY.includes(silence.silence)) return []
    const { org_unit_id, short_name, address, settlement_kind, organisation_id, organisation_name } = place
    const names = { org_unit_id, short_name, address, settlement_kind, organisation_id, organisation_name }
    return [{ ...names, municipality_id: place.municipality_id, ...silence }]
  })
  rows.sort(
    (a, b) =>
      URGENCY.indexOf(a.silence) - URGENCY.indexOf(b.silence) ||
      b.missed_days - a.missed_days ||
      a.organisation_name.localeCompare(b.organisation_name, 'ru') ||
      a.org_unit_id - b.org_unit_id,
  )
  return { classes, rows }
}
