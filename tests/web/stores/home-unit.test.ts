import { describe, expect, it } from 'vitest'
import type { SessionPerson } from '../../../web/src/api/schemas.ts'
import { findHomeUnit } from '../../../web/src/stores/home-unit.ts'

type Grant = SessionPerson['grants'][number]
const grantOf = (org_unit_id: number, org_unit_kind: Grant['org_unit_kind'], org_unit_name: string | null): Grant => ({
  ...{ role: 'municipal_specialist', org_unit_id, org_unit_kind, org_unit_name },
  founder_kinds: null,
  stand_in_for: null,
})

describe('findHomeUnit', () => {
  const volsk = grantOf(7, 'municipality', 'Вольский район')
  const school = grantOf(8, 'organisation', null)
  const region = grantOf(1, 'region', 'Саратовская область')

  it('is the unit of the first grant', () => {
    expect(findHomeUnit([volsk, school])).toEqual({ org_unit_id: 7, name: 'Вольский район' })
    expect(findHomeUnit([school])).toEqual({ org_unit_id: 8, name: null })
  })
  it('is the region for whoever answers for it beside others', () => expect(findHomeUnit([volsk, region])).toBeNull())
  it('is none without a grant', () => expect(findHomeUnit([])).toBeNull())
})
