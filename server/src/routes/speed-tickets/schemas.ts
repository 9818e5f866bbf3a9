import Type from 'typebox'
import { nullable, OrgUnitId } from '../../contract/index.ts'

const Code = Type.String({
  minLength: 1,
  maxLength: 40,
  description: 'As it was written down: capitals and strokes are no matter',
})

export const PlacesRequest = Type.Object({ code: Code }, { additionalProperties: false, $id: 'PlacesRequest' })
export type PlacesRequest = Type.Static<typeof PlacesRequest>

export const SchoolPlaces = Type.Object(
  {
    school_name: Type.String(),
    places: Type.Array(Type.Object({ org_unit_id: OrgUnitId, name: Type.String(), address: nullable(Type.String()) })),
  },
  { $id: 'SchoolPlaces' },
)

export const BrowserTicketRequest = Type.Object(
  { code: Code, org_unit_id: OrgUnitId },
  { additionalProperties: false, $id: 'BrowserTicketRequest' },
)
export type BrowserTicketRequest = Type.Static<typeof BrowserTicketRequest>
