import { EVERYTHING, NOTHING, type AccessScope, type Jurisdiction } from '../db/access-scope.ts'
import { ROLE_FREE, type Capability } from './capabilities.ts'
import { ROLE_CAPABILITIES, TOKEN_CAPABILITIES } from './roles.ts'
import type { Person, Program, Subject } from './subject.ts'

/** Why a request is refused before any route sees it. */
export type Refusal = 'EDU_UNAUTHENTICATED' | 'EDU_SECOND_FACTOR_REQUIRED' | 'EDU_FORBIDDEN'

export type AccessDecision = { readonly refusal: null; readonly scope: AccessScope } | { readonly refusal: Refusal }

function allow(scope: AccessScope): AccessDecision {
  return { refusal: null, scope }
}

function scopeOf(jurisdictions: readonly (Jurisdiction & { readonly is_region: boolean })[]): AccessScope {
  if (jurisdictions.some(({ is_region, founder_kinds }) => is_region && founder_kinds === null)) return EVERYTHING
  return {
    kind: 'jurisdictions',
    jurisdictions: jurisdictions.map(({ org_unit_id, founder_kinds }) => ({ org_unit_id, founder_kinds })),
  }
}

function decideForPerson(person: Person, capability: Capability): AccessDecision {
  if (capability === 'session') return allow(NOTHING)
  if (person.state !== 'complete') return { refusal: 'EDU_SECOND_FACTOR_REQUIRED' }
  if (ROLE_FREE.has(capability)) return allow(NOTHING)
  const grants = person.grants.filter(({ role }) => ROLE_CAPABILITIES[role].includes(capability))
  return grants.length === 0 ? { refusal: 'EDU_FORBIDDEN' } : allow(scopeOf(grants))
}

function decideForProgram(program: Program, capability: Capability): AccessDecision {
  if (!TOKEN_CAPABILITIES[program.token_kind].includes(capability)) return { refusal: 'EDU_FORBIDDEN' }
  if (program.jurisdiction === null) return allow(NOTHING)
  return allow(scopeOf([program.jurisdiction]))
}

/**
 * The one place that decides whether a subject may use a capability at all, and on whose data. What lies outside the
 * scope does not exist for the subject: routes answer 404 for it.
 */
export function decideAccess(subject: Subject, capability: Capability): AccessDecision {
  if (capability === 'public') return allow(NOTHING)
  if (subject.kind === 'nobody') return { refusal: 'EDU_UNAUTHENTICATED' }
  return subject.kind === 'person' ? decideForPerson(subject, capability) : decideForProgram(subject, capability)
}

/** All that a person may do somewhere, for the pages: what nobody may use is not offered. */
export function listCapabilities(person: Person): Capability[] {
  if (person.state !== 'complete') return []
  return [...new Set(person.grants.flatMap(({ role }) => ROLE_CAPABILITIES[role]))].sort()
}
