import type { AuditAction, AuditCategory } from '../../api/schemas.ts'

/** Every action with its sort, in the order in which they are offered. */
const CATEGORY_OF = {
  'import.receive': 'data',
  'import.decide': 'data',
  'import.decide_missing': 'data',
  'import.apply': 'data',
  'import.void': 'data',
  'org_unit_status.insert': 'data',
  'org_unit_succession.insert': 'data',
  human_check: 'data',
  recheck: 'data',
  open_objection: 'data',
  decide_objection: 'data',
  take_in_batch: 'data',
  'speed_verdict.store': 'data',
  'operator_appeal.enter': 'data',
  'reference.load': 'data',
  'user.invite': 'grant',
  'user.make': 'grant',
  'user.change': 'grant',
  'user.link': 'grant',
  'user.administrator_link': 'grant',
  'grant.give': 'grant',
  'grant.revoke': 'grant',
  'second_factor.reset': 'grant',
  'token.create': 'grant',
  'token.rotate': 'grant',
  'token.revoke': 'grant',
  'school_code.issue': 'grant',
  'setting.change': 'setting',
  sign_in: 'sign_in',
  sign_in_refused: 'sign_in',
  attempts_stopped: 'sign_in',
  second_factor_refused: 'sign_in',
  password_refused: 'sign_in',
  sign_out: 'sign_in',
  second_factor: 'sign_in',
  'second_factor.confirm': 'sign_in',
  'second_factor.remove': 'sign_in',
  'password.change': 'sign_in',
  'session.end': 'sign_in',
  'indicator.export': 'export',
  'measurement_record.export': 'export',
  'org_unit.export': 'export',
  'audit.export': 'export',
  'import.original': 'disclosure',
  'human_check.picture': 'disclosure',
  disclose_file: 'disclosure',
  'retention.delete': 'operation',
  forget_files: 'operation',
  backup: 'operation',
  restore: 'operation',
} as const satisfies Record<AuditAction, AuditCategory>

const ACTIONS = Object.keys(CATEGORY_OF) as readonly AuditAction[]
export const CATEGORIES: readonly AuditCategory[] = [...new Set(Object.values(CATEGORY_OF))]

/** Actions of a sort; null: of all. */
export function listActions(category: string | null): readonly AuditAction[] {
  return ACTIONS.filter((action) => category === null || CATEGORY_OF[action] === category)
}

/** Under which key an action has its text: a dot would separate two keys. */
export function actionTextKey(action: string): string {
  return `audit.action.${action.replaceAll('.', '_')}`
}
