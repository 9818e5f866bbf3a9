import { describe, expect, it } from 'vitest'
import { findExclusion, findExclusionAlong, type DatedStatus } from '../../../server/src/domain/dated-status.ts'

function status(org_unit_id: number, name: string, valid_from: string, valid_to: string | null = null): DatedStatus {
  return { org_unit_id, status: name, valid_from, valid_to, change_set_no: 1 }
}

describe('findExclusionAlong', () => {
  const statuses = new Map([
    [2, [status(2, 'capital_repair', '2026-01-01')]],
    [4, [status(4, 'works', '2026-06-01', '2026-06-30')]],
  ])

  it('lets the nearest status speak: a building that works in a school under repair is not excused', () => {
    expect(findExclusionAlong([1, 2, 3], statuses, '2026-06-15')).toBe('capital_repair')
    expect(findExclusionAlong([1, 2, 4], statuses, '2026-06-15')).toBeNull()
    expect(findExclusionAlong([1, 2, 4], statuses, '2026-07-01')).toBe('capital_repair')
    expect(findExclusionAlong([1, 3], statuses, '2026-06-15')).toBeNull()
  })
})

describe('findExclusion', () => {
  it('takes the later entry for one first day, and of those that hold the one that began last', () => {
    const replaced = { ...status(1, 'works', '2026-01-01'), change_set_no: 2 }
    expect(findExclusion([status(1, 'suspended', '2026-01-01'), replaced], '2026-02-01')).toBeNull()
    const two = [status(1, 'suspended', '2026-01-01'), status(1, 'quarantine', '2026-03-01', '2026-03-31')]
    expect(findExclusion(two, '2026-03-15')).toBeNull()
    expect(findExclusion(two, '2026-04-01')).toBe('suspended')
  })
})
