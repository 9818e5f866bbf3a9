import { describe, expect, it } from 'vitest'
import { listRail } from '../../web/src/rail.ts'

describe('listRail', () => {
  it('offers nothing to whoever may do nothing', () => expect(listRail(() => false)).toEqual([]))
  it('offers the pages that one may open, without groups that would be empty', () => {
    const own = ['sites:read', 'users:manage']
    expect(listRail((capability) => own.includes(capability))).toEqual([
      { group: 'work', pages: ['tasks'] },
      { group: 'observation', pages: ['sites'] },
      { group: 'administration', pages: ['users'] },
    ])
  })
  it('begins with what there is to do', () => expect(listRail(() => true)[0]?.pages).toEqual(['tasks', 'objections']))
})
