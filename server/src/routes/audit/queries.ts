import { sql } from 'kysely'
import { holdsJurisdiction, isAskable, type AccessScope } from '../../db/access-scope.ts'
import type { AuditAction } from '../../db/audit-actions.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import type { AuditCategory } from '../../db/insert-audit-event.ts'
import { parseInstant } from '../../domain/instant.ts'
import { CodedError } from '../../errors.ts'
import type { AuditExportQuery } from './schemas.ts'

/** Which events, for whom. */
export interface AuditSelection extends AuditExportQuery {
  scope: AccessScope
  before_id?: number | undefined
  limit: number
}

function readInstant(field: 'from' | 'to', text: string | undefined): Date | null {
  if (text === undefined) return null
  const instant = parseInstant(text)
  if (instant === null) throw new CodedError('EDU_PERIOD_INVALID', 'Такого времени нет', { field, found: text })
  return instant
}

/** Part of a text in LIKE, its own wildcards taken literally. */
function likePart(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`
}

function selectEvents(db: ReadExecutor) {
  return db
    .selectFrom('audit_event as e')
    .leftJoin('org_unit as u', 'u.org_unit_id', 'e.org_unit_id')
    .select(['e.audit_event_id', 'e.occurred_at', 'e.actor', 'e.user_id', 'e.remote_address', 'e.category'])
    .select(['e.action', 'e.subject', 'e.org_unit_id', 'e.change_set_no', 'e.request_id'])
    .select(['e.detail', 'e.before', 'e.after', 'u.municipality_id'])
}

/** Newest known names of units. */
async function nameUnits(db: ReadExecutor, org_unit_ids: number[]): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('org_unit_version')
    .where('org_unit_id', '=', sql<number>`ANY(${org_unit_ids}::bigint[])`)
    .distinctOn('org_unit_id')
    .select(['org_unit_id', 'short_name'])
    .orderBy('org_unit_id')
    .orderBy('valid_from', 'desc')
    .orderBy('change_set_no', 'desc')
    .execute()
  return new Map(rows.map((row) => [row.org_unit_id, row.short_name]))
}

function listNumbers(subjects: readonly string[], sort: 'user' | 'token'): number[] {
  const numbers = subjects.flatMap((subject) => {
    const [, number] = new RegExp(`^${sort} (\\d{1,15})$`).exec(subject) ?? []
    return number === undefined ? [] : [Number(number)]
  })
  return [...new Set(numbers)]
}

/** Whom the list of accounts would show to this scope. */
function isKnownUser(scope: AccessScope) {
  const held = holdsJurisdiction(scope, sql`g.org_unit_id`, sql`g.founder_kinds`)
  return sql<boolean>`(${scope.kind !== 'jurisdictions'} OR user_id IN (SELECT g.user_id FROM user_grant g WHERE ${held}))`
}

/**
 * Present names of people and labels of tokens, by the subject as events name it. An event of a territory may be about
 * somebody of another founder's organisations: no name of theirs is told.
 */
async function nameSubjects(
  db: ReadExecutor,
  scope: AccessScope,
  subjects: readonly string[],
): Promise<Map<string, string>> {
  const users = await db
    .selectFrom('app_user')
    .where('user_id', '=', sql<number>`ANY(${listNumbers(subjects, 'user')}::bigint[])`)
    .where(isKnownUser(scope))
    .select(['user_id', 'display_name'])
    .execute()
  const tokens = await db
    .selectFrom('api_token')
    .where('token_id', '=', sql<number>`ANY(${listNumbers(subjects, 'token')}::bigint[])`)
    .where(holdsJurisdiction(scope, sql`api_token.org_unit_id`, sql`api_token.founder_kinds`))
    .select(['token_id', 'label'])
    .execute()
  return new Map([
    ...users.map((row) => [`user ${row.user_id}`, row.display_name] as const),
    ...tokens.map((row) => [`token ${row.token_id}`, row.label] as const),
  ])
}

/** Events of a selection, the newest first. @throws EDU_PERIOD_INVALID for a time that does not exist */
export async function listAuditEvents(db: ReadExecutor, selection: AuditSelection) {
  const { actor, category, action, except_action, org_unit_id, before_id } = selection
  const from = readInstant('from', selection.from)
  const to = readInstant('to', selection.to)
  const rows = await selectEvents(db)
    .where(isAskable(selection.scope, sql`e.org_unit_id`))
    .$if(from !== null, (q) => q.where('e.occurred_at', '>=', from))
    .$if(to !== null, (q) => q.where('e.occurred_at', '<', to))
    .$if(actor !== undefined, (q) => q.where('e.actor', 'ilike', likePart(actor ?? '')))
    .$if(category !== undefined, (q) => q.where('e.category', 'in', category ?? []))
    .$if(action !== undefined, (q) => q.where('e.action', '=', action ?? ''))
    .$if(except_action !== undefined, (q) => q.where('e.action', '<>', except_action ?? ''))
    .$if(org_unit_id !== undefined, (q) => q.where('u.path', '@>', sql<number[]>`ARRAY[${org_unit_id}::bigint]`))
    .$if(before_id !== undefined, (q) => q.where('e.audit_event_id', '<', before_id ?? 0))
    .orderBy('e.audit_event_id', 'desc')
    .limit(selection.limit)
    .execute()
  const unitNames = await nameUnits(
    db,
    rows.flatMap((row) => [row.org_unit_id ?? [], row.municipality_id ?? []].flat()),
  )
  const subjectNames = await nameSubjects(
    db,
    selection.scope,
    rows.map((row) => row.subject),
  )
  return rows.map(({ municipality_id, ...row }) => ({
    ...row,
    org_unit_name: row.org_unit_id === null ? null : (unitNames.get(row.org_unit_id) ?? null),
    municipality_name:
      municipality_id === null || municipality_id === row.org_unit_id ? null : (unitNames.get(municipality_id) ?? null),
    subject_name: subjectNames.get(row.subject) ?? null,
    occurred_at: row.occurred_at.toISOString(),
    category: row.category as AuditCategory,
    action: row.action as AuditAction,
  }))
}

export type ListedAuditEvent = Awaited<ReturnType<typeof listAuditEvents>>[number]
