import type { AuditSealState } from '../../api/schemas.ts'

/** The sealer comes once a minute and may be held up by writers; what waits longer has been forgotten. */
const LATE_AFTER_MS = 10 * 60_000

/** @param now_ms the browser's clock */
export function isSealLate({ unsealed_since }: Pick<AuditSealState, 'unsealed_since'>, now_ms: number): boolean {
  return unsealed_since !== null && now_ms - Date.parse(unsealed_since) > LATE_AFTER_MS
}
