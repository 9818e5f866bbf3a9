import { client, readAnswer } from './client.ts'
import type { GrantEntry, Role, TokenEntry, UserChange, UserEntry } from './schemas.ts'

/** Accounts with their grants, and tokens of programs. */
export const readUsers = (signal: AbortSignal) => readAnswer(client.GET('/api/v1/users', { signal }))

/** Throws an ApiProblem: EDU_LOGIN_TAKEN, EDU_ORG_UNIT_NOT_FOUND, EDU_PERIOD_INVALID. */
export const inviteUser = (body: UserEntry) => readAnswer(client.POST('/api/v1/users', { body }))

export const changeUser = (user_id: number, body: UserChange) =>
  readAnswer(client.PUT('/api/v1/users/{user_id}', { params: { path: { user_id } }, body }))

/** A new one-time link; earlier ones stop working. */
export const renewUserLink = (user_id: number) =>
  readAnswer(client.POST('/api/v1/users/{user_id}/link', { params: { path: { user_id } } }))

export const resetSecondFactor = (user_id: number) =>
  readAnswer(client.DELETE('/api/v1/users/{user_id}/second-factor', { params: { path: { user_id } } }))

export const addGrant = (user_id: number, body: GrantEntry) =>
  readAnswer(client.POST('/api/v1/users/{user_id}/grants', { params: { path: { user_id } }, body }))

export const revokeGrant = (user_id: number, grant_id: number) =>
  readAnswer(client.DELETE('/api/v1/users/{user_id}/grants/{grant_id}', { params: { path: { user_id, grant_id } } }))

export const setSecondFactorRoles = (roles: Role[]) =>
  readAnswer(client.PUT('/api/v1/settings/second-factor-roles', { body: { roles } }))

export const readTokens = (signal: AbortSignal) => readAnswer(client.GET('/api/v1/tokens', { signal }))

/** The token is in this answer alone. */
export const createToken = (body: TokenEntry) => readAnswer(client.POST('/api/v1/tokens', { body }))

/** A new token in place of an old one, which goes on working for `overlap_days` days. */
export const rotateToken = (token_id: number, overlap_days: number) =>
  readAnswer(
    client.POST('/api/v1/tokens/{token_id}/rotation', { params: { path: { token_id } }, body: { overlap_days } }),
  )

export const revokeToken = (token_id: number) =>
  readAnswer(client.DELETE('/api/v1/tokens/{token_id}', { params: { path: { token_id } } }))
