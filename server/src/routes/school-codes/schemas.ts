import Type from 'typebox'
import { Instant, nullable, OrgUnitId } from '../../contract/index.ts'

export const SchoolCodeParams = Type.Object({ id: OrgUnitId })
export type SchoolCodeParams = Type.Static<typeof SchoolCodeParams>

export const SchoolCode = Type.Object(
  {
    code: nullable(Type.String({ description: 'Null: none was issued' })),
    issued_at: nullable(Instant),
    issued_by: nullable(Type.String()),
  },
  { $id: 'SchoolCode' },
)
