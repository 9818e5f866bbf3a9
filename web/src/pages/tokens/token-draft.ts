import type { ApiToken, FounderKind, TokenEntry, TokenKind } from '../../api/schemas.ts'

/** What one program does at most: what meets hostile sites reads no spreadsheets. */
const COLLECTOR_WORK = {
  sites: ['site_check', 'site_audit'],
  sheets: ['sheet_parse'],
} as const satisfies Record<string, NonNullable<ApiToken['work_kinds']>>
type CollectorWork = keyof typeof COLLECTOR_WORK
export const COLLECTOR_WORKS = Object.keys(COLLECTOR_WORK) as CollectorWork[]

/** A token as it is typed. */
export interface TokenDraft {
  kind: TokenKind
  label: string
  collector: string
  vantage: string
  work: CollectorWork
  unit: { org_unit_id: number; name: string; kind: string } | null
  founder_kinds: FounderKind[]
  valid_from: string
  /** Empty: without a last day. */
  valid_to: string
}
export const TOKEN_FIELDS = ['label', 'collector', 'vantage', 'org_unit_id', 'valid_from', 'valid_to'] as const
export type TokenField = (typeof TOKEN_FIELDS)[number]
export type TokenFault = 'label_missing' | 'name_shape' | 'unit_missing' | 'day_missing' | 'period_wrong'

export const TOKEN_KINDS = [
  'collector',
  'upload',
  'export',
  'school',
  'measurement',
] as const satisfies readonly TokenKind[]
const NAME = /^[a-z0-9][a-z0-9._-]{0,59}$/

/** @param today first day, YYYY-MM-DD */
export function createTokenDraft(today: string): TokenDraft {
  return {
    kind: 'collector',
    label: '',
    collector: '',
    vantage: '',
    work: 'sites',
    unit: null,
    founder_kinds: [],
    valid_from: today,
    valid_to: '',
  }
}

/** Faults by field; empty when the token can be issued. A collector has a name and a vantage, all others a unit. */
export function findTokenFaults(draft: TokenDraft): Partial<Record<TokenField, TokenFault>> {
  const faults: Partial<Record<TokenField, TokenFault>> = {}
  if (draft.label.trim() === '') faults.label = 'label_missing'
  if (draft.kind === 'collector') {
    if (!NAME.test(draft.collector)) faults.collector = 'name_shape'
    if (!NAME.test(draft.vantage)) faults.vantage = 'name_shape'
  } else if (draft.unit === null) faults.org_unit_id = 'unit_missing'
  if (draft.valid_from === '') faults.valid_from = 'day_missing'
  if (draft.valid_to !== '' && draft.valid_to < draft.valid_from) faults.valid_to = 'period_wrong'
  return faults
}

/** The token as the API takes it: what belongs to another kind is left out. */
export function toTokenEntry(draft: TokenDraft): TokenEntry {
  const isCollector = draft.kind === 'collector'
  return {
    kind: draft.kind,
    label: draft.label.trim(),
    collector: isCollector
      ? { name: draft.collector, vantage: draft.vantage, work_kinds: [...COLLECTOR_WORK[draft.work]] }
      : null,
    org_unit_id: isCollector ? null : (draft.unit?.org_unit_id ?? null),
    founder_kinds: isCollector || draft.founder_kinds.length === 0 ? null : [...draft.founder_kinds],
    valid_from: draft.valid_from,
    valid_to: draft.valid_to === '' ? null : draft.valid_to,
  }
}
