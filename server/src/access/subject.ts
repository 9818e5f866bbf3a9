import type { WorkKind } from '../contract/index.ts'
import type { Jurisdiction } from '../db/access-scope.ts'
import type { Role, TokenKind } from './roles.ts'

/** A grant that holds today: a role, and where. */
export interface HeldGrant extends Jurisdiction {
  readonly grant_id: number
  readonly role: Role
  /** The unit is the region itself. */
  readonly is_region: boolean
  /** Name of the person that is stood in for; null: an own grant. */
  readonly stand_in_for: string | null
}

/** What a session still lacks: nothing, the code of the second factor, or a second factor at all. */
export type SessionState = 'complete' | 'second_factor' | 'enrol_second_factor'

export interface Person {
  readonly kind: 'person'
  readonly user_id: number
  readonly login: string
  readonly display_name: string
  readonly session_id: string
  readonly state: SessionState
  readonly grants: readonly HeldGrant[]
}

/** A collector at its vantage, and the kinds of work that it may take. */
export interface CollectorRight {
  readonly name: string
  readonly vantage: string
  readonly work_kinds: readonly WorkKind[]
}

export interface Program {
  readonly kind: 'program'
  readonly token_id: number
  readonly token_kind: TokenKind
  readonly label: string
  /** The one collector that it may speak for, and the work that it may take; null for other programs. */
  readonly collector: CollectorRight | null
  /** Null for collectors, which measure for everybody. */
  readonly jurisdiction: (Jurisdiction & { readonly is_region: boolean }) | null
}

/** Who asks. */
export type Subject = { readonly kind: 'nobody' } | Person | Program

export const NOBODY: Subject = { kind: 'nobody' }

/** Name for change sets and the audit. */
export function nameSubject(subject: Subject): string {
  if (subject.kind === 'person') return subject.display_name
  return subject.kind === 'program' ? subject.label : 'nobody'
}

/** Short key of a subject without anybody's name, for logs and counts; null: nobody. */
export function subjectKey(subject: Subject): string | null {
  if (subject.kind === 'nobody') return null
  return subject.kind === 'person' ? `user ${subject.user_id}` : `token ${subject.token_id}`
}
