import Type from 'typebox'
import { Instant, literalUnion, nullable, OrgUnitId, SITE_CAUSE_CODES, SITE_VERDICTS } from '../../contract/index.ts'

/** Pieces that several answers about sites are made of. */
export const text = nullable(Type.String())
export const instant = nullable(Instant)
export const count = Type.Integer({ minimum: 0 })
export const verdict = literalUnion(SITE_VERDICTS)
export const cause = nullable(literalUnion(SITE_CAUSE_CODES, 'Null when it works, or before the first verdict'))
export const knownAt = Type.Integer({ minimum: 0, description: 'Change set up to which the answer is known' })
export const place = {
  org_unit_id: OrgUnitId,
  org_unit_name: Type.String(),
  municipality_id: nullable(OrgUnitId),
  municipality_name: text,
}

/** Whose data, of which day, as known when. */
export const viewProperties = {
  day: Type.Optional(Type.String({ description: 'Day of the region’s calendar, YYYY-MM-DD; absent: today' })),
  known_at: Type.Optional(Type.String({ description: '"As known on", RFC 3339; absent: now' })),
}
export const SiteViewQuery = Type.Object(viewProperties)
export const TerritoryQuery = Type.Object({ ...viewProperties, territory_id: Type.Optional(OrgUnitId) })
export type SiteViewQuery = Type.Static<typeof SiteViewQuery>
export type TerritoryQuery = Type.Static<typeof TerritoryQuery>
