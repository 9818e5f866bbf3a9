import type { ApiToken } from '../../api/schemas.ts'
import type { StatusTone } from '../../components/status.ts'

export type TokenState = 'works' | 'begins_later' | 'over' | 'revoked'

export const TOKEN_TONES: Record<TokenState, StatusTone> = {
  works: 'ok',
  begins_later: 'unknown',
  over: 'blocked',
  revoked: 'blocked',
}

/** @param today the region's day, YYYY-MM-DD */
export function judgeToken(token: Pick<ApiToken, 'revoked_at' | 'valid_from' | 'valid_to'>, today: string): TokenState {
  if (token.revoked_at !== null) return 'revoked'
  if (token.valid_to !== null && token.valid_to < today) return 'over'
  return token.valid_from > today ? 'begins_later' : 'works'
}
