import type { FounderKind, GrantEntry, Role } from '../../api/schemas.ts'
import { rolesFor } from './roles.ts'

/** A grant as it is typed. */
export interface GrantDraft {
  role: Role | null
  unit: { org_unit_id: number; name: string; kind: string } | null
  /** Empty: all founders. */
  founder_kinds: FounderKind[]
  valid_from: string
  /** Empty: without a last day. */
  valid_to: string
  stand_in_for_user_id: number | null
}
export type GrantField = 'role' | 'org_unit_id' | 'valid_from' | 'valid_to'
export type GrantFault =
  | 'role_missing'
  | 'role_elsewhere'
  | 'unit_missing'
  | 'day_missing'
  | 'period_wrong'
  | 'stand_in_endless'

/** @param today first day, YYYY-MM-DD */
export function createGrantDraft(today: string): GrantDraft {
  return { role: null, unit: null, founder_kinds: [], valid_from: today, valid_to: '', stand_in_for_user_id: null }
}

/** Faults by field; empty when the grant can be sent. Whoever stands in does so for a time. */
export function findGrantFaults(draft: GrantDraft): Partial<Record<GrantField, GrantFault>> {
  const faults: Partial<Record<GrantField, GrantFault>> = {}
  if (draft.role === null) faults.role = 'role_missing'
  else if (!rolesFor(draft.unit?.kind).includes(draft.role)) faults.role = 'role_elsewhere'
  if (draft.unit === null) faults.org_unit_id = 'unit_missing'
  if (draft.valid_from === '') faults.valid_from = 'day_missing'
  if (draft.valid_to !== '' && draft.valid_to < draft.valid_from) faults.valid_to = 'period_wrong'
  if (draft.valid_to === '' && draft.stand_in_for_user_id !== null) faults.valid_to = 'stand_in_endless'
  return faults
}

/** The grant as the API takes it; null while role or unit are missing. */
export function toGrantEntry(draft: GrantDraft): GrantEntry | null {
  const { role, unit, founder_kinds, valid_from, valid_to, stand_in_for_user_id } = draft
  if (role === null || unit === null) return null
  return {
    role,
    org_unit_id: unit.org_unit_id,
    founder_kinds: founder_kinds.length === 0 ? null : [...founder_kinds],
    valid_from,
    valid_to: valid_to === '' ? null : valid_to,
    stand_in_for_user_id,
  }
}
