import { sql, type Kysely } from 'kysely'
import { refuseWrongTerm } from '../../access/refuse-wrong-term.ts'
import type { CollectorRight } from '../../access/subject.ts'
import { issueToken, revokeTokens } from '../../access/tokens.ts'
import { holdsJurisdiction, type AccessScope } from '../../db/access-scope.ts'
import type { AuditAction } from '../../db/audit-actions.ts'
import type { AuditAuthor } from '../../db/audit-author.ts'
import type { WriteExecutor } from '../../db/executor.ts'
import { insertAuditEvent } from '../../db/insert-audit-event.ts'
import type { DB } from '../../db/schema.gen.ts'
import { addDays } from '../../domain/region-day.ts'
import { CodedError } from '../../errors.ts'
import type { TokenEntry } from './schemas.ts'

/** A token of whom an event tells; a collector's has no unit. */
interface ToldToken {
  token_id: number
  org_unit_id: number | null
}

function audit(
  tx: WriteExecutor,
  by: AuditAuthor,
  action: AuditAction,
  { token_id, org_unit_id }: ToldToken,
  detail: object,
): Promise<void> {
  return insertAuditEvent(tx, { by, category: 'grant', action, subject: `token ${token_id}`, org_unit_id, detail })
}

function refuseContradictions({ kind, collector, org_unit_id, ...term }: TokenEntry): void {
  if ((kind === 'collector') !== (collector !== null)) {
    throw new CodedError('EDU_BAD_REQUEST', 'Коллектор указывается только для токена коллектора', {
      field: 'collector',
    })
  }
  if ((kind === 'collector') !== (org_unit_id === null)) {
    const message = 'Территория или организация указывается для всех токенов, кроме токена коллектора'
    throw new CodedError('EDU_BAD_REQUEST', message, { field: 'org_unit_id' })
  }
  refuseWrongTerm(term)
}

/** A token reaches no further than whoever gives it; a collector measures for the whole region. */
async function requireOwnPlace(tx: WriteExecutor, entry: TokenEntry, scope: AccessScope): Promise<void> {
  const { org_unit_id, founder_kinds } = entry
  if (org_unit_id === null) {
    if (scope.kind !== 'jurisdictions') return
    throw new CodedError('EDU_FORBIDDEN', 'Токен коллектора выдаёт администратор всего региона', { field: 'kind' })
  }
  const unit = await tx
    .selectFrom('org_unit')
    .where('org_unit_id', '=', org_unit_id)
    .where(holdsJurisdiction(scope, sql`org_unit.org_unit_id`, sql`${founder_kinds}::text[]`))
    .select('kind')
    .executeTakeFirst()
  if (unit !== undefined) return
  throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'Такой территории или организации нет', { field: 'org_unit_id' })
}

/**
 * Issues a token.
 * @param scope of whoever issues it
 * @throws EDU_BAD_REQUEST, EDU_PERIOD_INVALID, EDU_ORG_UNIT_NOT_FOUND, EDU_FORBIDDEN
 */
export async function createToken(db: Kysely<DB>, entry: TokenEntry, scope: AccessScope, by: AuditAuthor) {
  refuseContradictions(entry)
  const { org_unit_id, founder_kinds, ...rest } = entry
  return db.transaction().execute(async (tx) => {
    await requireOwnPlace(tx, entry, scope)
    const jurisdiction = org_unit_id === null ? null : { org_unit_id, founder_kinds }
    const made = await issueToken(tx, { ...rest, jurisdiction, replaces_token_id: null }, by.actor)
    await audit(tx, by, 'token.create', { token_id: made.token_id, org_unit_id }, { ...entry, prefix: made.prefix })
    return made
  })
}

/**
 * Issues a token like an old one, which goes on working for a while so that the program can be told the new one.
 * @throws EDU_TOKEN_NOT_FOUND when the old one does not hold any more
 */
export async function rotateToken(
  db: Kysely<DB>,
  { token_id, overlap_days, today }: { token_id: number; overlap_days: number; today: string },
  by: AuditAuthor,
) {
  return db.transaction().execute(async (tx) => {
    const old = await tx
      .selectFrom('api_token')
      .where('token_id', '=', token_id)
      .where('revoked_at', 'is', null)
      .where((eb) => eb.or([eb('valid_to', 'is', null), eb('valid_to', '>=', today)]))
      .select(['kind', 'label', 'collector', 'vantage', 'work_kinds', 'org_unit_id', 'founder_kinds', 'valid_to'])
      .forUpdate()
      .executeTakeFirst()
    if (old === undefined)
      throw new CodedError('EDU_TOKEN_NOT_FOUND', 'Действующего токена с этим номером нет', { token_id })
    const { collector, vantage, org_unit_id, founder_kinds, valid_to } = old
    const work_kinds = (old.work_kinds ?? []) as CollectorRight['work_kinds']
    const last_day = addDays(today, overlap_days)
    const made = await issueToken(
      tx,
      {
        kind: old.kind as TokenEntry['kind'],
        label: old.label,
        collector: collector === null || vantage === null ? null : { name: collector, vantage, work_kinds },
        jurisdiction:
          org_unit_id === null ? null : { org_unit_id, founder_kinds: founder_kinds as TokenEntry['founder_kinds'] },
        valid_from: today,
        valid_to,
        replaces_token_id: token_id,
      },
      by.actor,
    )
    if (valid_to === null || last_day < valid_to) {
      await tx.updateTable('api_token').set({ valid_to: last_day }).where('token_id', '=', token_id).execute()
    }
    await audit(
      tx,
      by,
      'token.rotate',
      { token_id, org_unit_id },
      { new_token_id: made.token_id, old_works_until: last_day },
    )
    return made
  })
}

/** Revokes a token at once. @throws EDU_TOKEN_NOT_FOUND when it was revoked already */
export async function revokeToken(db: Kysely<DB>, token_id: number, by: AuditAuthor): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const [revoked] = await revokeTokens(tx, [token_id], by.actor)
    if (revoked === undefined)
      throw new CodedError('EDU_TOKEN_NOT_FOUND', 'Действующего токена с этим номером нет', { token_id })
    await audit(tx, by, 'token.revoke', revoked, {})
  })
}
