import { describe, expect, it } from 'vitest'
import type { Grant, User } from '../../../web/src/api/schemas.ts'
import { judgeGrant, judgeUser, listOpenGrants, type UserState } from '../../../web/src/pages/users/grant-state.ts'

const TODAY = '2026-11-02'
const GRANT: Grant = {
  ...{ grant_id: 1, role: 'auditor', org_unit_id: 1, org_unit_name: null, founder_kinds: null },
  ...{ valid_from: '2026-01-01', valid_to: null, stand_in_for: null, origin: 'person' },
  ...{ granted_by: 'admin', granted_at: '2026-01-01T00:00:00Z', revoked_at: null, revoked_by: null },
}
const future: Grant = { ...GRANT, grant_id: 2, valid_from: '2026-11-03' }
const past: Grant = { ...GRANT, grant_id: 3, valid_to: '2026-11-01' }
const revoked: Grant = { ...future, grant_id: 4, revoked_at: '2026-11-01T00:00:00Z' }

describe('judgeGrant', () => {
  it.each([
    ['its first day', { ...GRANT, valid_from: TODAY }, 'holds'],
    ['its last day', { ...GRANT, valid_to: TODAY }, 'holds'],
    ['a day before the first', future, 'begins_later'],
    ['a day after the last', past, 'over'],
    ['any day once it is revoked', revoked, 'revoked'],
  ] as const)('judges a grant on %s', (_, grant, state) => expect(judgeGrant(grant, TODAY)).toBe(state))
})

describe('listOpenGrants', () => {
  it('leaves out what can hold no more', () =>
    expect(listOpenGrants({ grants: [GRANT, future, past, revoked] }, TODAY)).toEqual([GRANT, future]))
})

describe('judgeUser', () => {
  const user: User = {
    ...{ user_id: 1, login: 'vera', display_name: 'Вера', position: null, is_disabled: false, has_password: true },
    ...{ has_second_factor: false, signs_in_elsewhere: false, last_sign_in_at: null },
    ...{ created_at: '2026-01-01T00:00:00Z', grants: [past, GRANT] },
  }
  it.each<[string, User, UserState]>([
    ['who has a right', user, 'active'],
    ['whose rights are over or begin later', { ...user, grants: [past, future] }, 'without_rights'],
    ['who has set no password yet', { ...user, has_password: false }, 'invited'],
    ['who needs none', { ...user, has_password: false, signs_in_elsewhere: true }, 'active'],
    ['who is shut out, whatever the rights', { ...user, is_disabled: true }, 'disabled'],
  ])('judges a person %s', (_, one, state) => expect(judgeUser(one, TODAY)).toBe(state))
})
