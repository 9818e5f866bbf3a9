import { describe, expect, it } from 'vitest'
import { findHomePage } from '../../web/src/home-page.ts'

describe('findHomePage', () => {
  it.each([
    [['school_operator'], 'tasks'],
    [['municipal_head'], 'tasks'],
    [['auditor', 'institute_staff'], 'tasks'],
    [['ministry_analyst'], 'sites'],
    [['auditor'], 'sites'],
    [['administrator'], 'collectors'],
    [['administrator', 'ministry_analyst'], 'sites'],
    [[], 'sites'],
  ] as const)('begins the day of %j on %s', (roles, page) => expect(findHomePage(roles)).toBe(page))
})
