import type { Grant, User } from '../../api/schemas.ts'

export type GrantState = 'holds' | 'begins_later' | 'over' | 'revoked'

/** @param today the region's day, YYYY-MM-DD */
export function judgeGrant(grant: Pick<Grant, 'revoked_at' | 'valid_from' | 'valid_to'>, today: string): GrantState {
  if (grant.revoked_at !== null) return 'revoked'
  if (grant.valid_to !== null && grant.valid_to < today) return 'over'
  return grant.valid_from > today ? 'begins_later' : 'holds'
}

/** Grants that hold today or will. */
export function listOpenGrants(user: Pick<User, 'grants'>, today: string): Grant[] {
  return user.grants.filter((grant) => ['holds', 'begins_later'].includes(judgeGrant(grant, today)))
}

export type UserState = 'active' | 'invited' | 'without_rights' | 'disabled'

/** What the account can be used for now. */
export function judgeUser(user: User, today: string): UserState {
  if (user.is_disabled) return 'disabled'
  if (!user.has_password && !user.signs_in_elsewhere) return 'invited'
  return user.grants.some((grant) => judgeGrant(grant, today) === 'holds') ? 'active' : 'without_rights'
}
