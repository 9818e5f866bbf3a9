import { describe, expect, it } from 'vitest'
import { CAPABILITIES } from '../../../server/src/access/capabilities.ts'
import { decideAccess, listCapabilities } from '../../../server/src/access/decide-access.ts'
import { ROLES, type Role, type TokenKind } from '../../../server/src/access/roles.ts'
import { NOBODY, type HeldGrant, type Person, type Program } from '../../../server/src/access/subject.ts'
import type { Jurisdiction } from '../../../server/src/db/access-scope.ts'

const REGION = { org_unit_id: 1, founder_kinds: null, is_region: true }
const TOWN = { org_unit_id: 5, founder_kinds: ['municipal'] as const, is_region: false }

function person(grants: readonly Omit<HeldGrant, 'grant_id' | 'stand_in_for'>[], state: Person['state'] = 'complete') {
  const held = grants.map((grant, index) => ({ ...grant, grant_id: index + 1, stand_in_for: null }))
  const named = { user_id: 1, login: 'anna', display_name: 'Анна', session_id: 's' }
  return { kind: 'person', ...named, state, grants: held } satisfies Person
}

function program(token_kind: TokenKind, jurisdiction: Program['jurisdiction']): Program {
  return { kind: 'program', token_id: 1, token_kind, label: 'проба', collector: null, jurisdiction }
}

function jurisdictions(...list: Jurisdiction[]) {
  return { refusal: null, scope: { kind: 'jurisdictions', jurisdictions: list } }
}
const EVERYTHING = { refusal: null, scope: { kind: 'everything' } }
const { is_region, ...town } = TOWN

describe('decideAccess', () => {
  it('gives the whole region only for the region and all founders', () => {
    expect(is_region).toBe(false)
    const municipal = { ...REGION, founder_kinds: ['municipal'] as const }
    expect(decideAccess(person([{ role: 'auditor', ...REGION }]), 'audit:read')).toEqual(EVERYTHING)
    expect(decideAccess(person([{ role: 'auditor', ...municipal }]), 'audit:read')).toEqual(
      jurisdictions({ org_unit_id: 1, founder_kinds: ['municipal'] }),
    )
  })

  it('counts only the grants whose role has the capability', () => {
    const both = person([
      { role: 'auditor', ...REGION },
      { role: 'municipal_specialist', ...TOWN },
    ])
    expect(decideAccess(both, 'imports:write')).toEqual(jurisdictions(town))
    expect(decideAccess(both, 'imports:read')).toEqual(EVERYTHING)
    expect(decideAccess(both, 'users:manage')).toEqual({ refusal: 'EDU_FORBIDDEN' })
  })

  it('gives nothing before the second factor but what a session needs', () => {
    for (const state of ['second_factor', 'enrol_second_factor'] as const) {
      const half = person([{ role: 'administrator', ...REGION }], state)
      for (const capability of CAPABILITIES) {
        const { refusal } = decideAccess(half, capability)
        expect([capability, refusal]).toEqual([
          capability,
          ['public', 'session'].includes(capability) ? null : 'EDU_SECOND_FACTOR_REQUIRED',
        ])
      }
      expect(listCapabilities(half)).toEqual([])
    }
  })

  it('gives nobody what is public alone', () => {
    for (const capability of CAPABILITIES) {
      expect(decideAccess(NOBODY, capability).refusal).toBe(capability === 'public' ? null : 'EDU_UNAUTHENTICATED')
    }
  })

  it('gives programs no account, and collectors nothing but collecting', () => {
    const collector = program('collector', null)
    const allowed = CAPABILITIES.filter((capability) => decideAccess(collector, capability).refusal === null)
    expect(allowed).toEqual(['public', 'collect'])
    const school = program('school', { ...TOWN, founder_kinds: null })
    expect(decideAccess(school, 'signed_in')).toEqual({ refusal: 'EDU_FORBIDDEN' })
    expect(decideAccess(school, 'sites:read')).toEqual(jurisdictions({ org_unit_id: 5, founder_kinds: null }))
  })

  it('lets no role that enters data manage accounts, and no municipal one decide objections', () => {
    const has = (role: Role, capability: (typeof CAPABILITIES)[number]) =>
      decideAccess(person([{ role, ...REGION }]), capability).refusal === null
    for (const role of ROLES) {
      expect([role, has(role, 'users:manage') && has(role, 'imports:write')]).toEqual([role, false])
      expect([role, has(role, 'objections:decide')]).toEqual([role, role === 'institute_staff'])
    }
  })
})
