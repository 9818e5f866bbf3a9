import type { SiteVerdict } from '../components/status.ts'

export type Presence = 'present' | 'empty' | 'absent' | 'not_confirmed'
export type Markup = 'current' | 'outdated' | 'faulty' | 'none'
export type Freshness = 'dated' | 'overdue' | 'undated'
export type SitePlatform = 'gosweb' | 'ucoz' | 'own' | 'unknown'

export interface SiteCertificate {
  issuer: string
  not_after: string
  name_matches: boolean
  chain_trusted: boolean
  trust_store: 'system' | 'extra' | null
}

/** What one vantage saw of a site in a stretch of time. */
export interface VerdictStretch {
  from: string
  to: string
  verdict: SiteVerdict
}

export interface Incident {
  id: string
  opened_at: string
  closed_at: string | null
  duration_ms: number
  verdict: SiteVerdict
  cause: string
  cause_title: string
  scope: 'site' | 'hoster' | 'provider' | 'municipality' | 'own_link'
  scope_name: string | null
  sites: number
  checks_agree: number
  checks_total: number
  org_unit_id: number | null
  org_unit_name: string | null
  municipality_name: string | null
  evidence_id: string | null
  flapping: boolean
  provenance: 'measured' | 'simulated'
}

export interface Finding {
  rule: string
  scale: 'presence' | 'markup' | 'freshness'
  outcome: string
  grade: 'violation' | 'warning' | 'note'
  asks: string
  source: string
  seen: string | null
  remedy: string | null
  markup_sample: string | null
  due_on: string | null
  url: string | null
  place: string | null
  evidence_id: string | null
}

export interface SubsectionJudgement {
  subsection: string
  title: string
  url: string | null
  presence: Presence
  markup: Markup | null
  freshness: Freshness | null
  items_present: number
  items_expected: number
  items_marked: number
  dated_on: string | null
  findings: Finding[]
}

export interface SiteAuditCard {
  checked_at: string
  outcome: 'audited' | 'not_allowed' | 'unreachable' | 'cannot_tell'
  cause_title: string | null
  rule_set: string
  pages: number
  subsections: SubsectionJudgement[]
}

export interface SiteCard {
  target_id: string
  url: string
  platform: SitePlatform
  verdict: SiteVerdict | null
  cause: string | null
  cause_title: string | null
  remedy: string | null
  checked_at: string | null
  evidence_id: string | null
  timings: { total_ms: number } | null
  certificate: SiteCertificate | null
  timeline: { from: string; to: string; lanes: { vantage: string; stretches: VerdictStretch[] }[] } | null
  incidents: Incident[]
  audit: SiteAuditCard | null
}

export interface MatrixRow {
  org_unit_id: number
  name: string
  municipality_name: string | null
  outcome: SiteAuditCard['outcome'] | null
  present: number | null
  cells: { presence: Presence; markup: Markup | null; freshness: Freshness | null }[]
}

export interface RuleMatrix {
  rule_set: string
  subsections: { code: string; title: string }[]
  rows: MatrixRow[]
}

export interface CertificateRow {
  org_unit_id: number
  name: string
  municipality_name: string | null
  url: string
  issuer: string
  not_after: string
  days_left: number
  chain_trusted: boolean
  trust_store: 'system' | 'extra' | null
}

export interface PortalRow {
  target_id: string
  name: string
  url: string
  verdict: SiteVerdict | null
  cause_title: string | null
  checked_at: string | null
}

export interface SitesOverview {
  sites: number
  verdicts: Record<SiteVerdict | 'not_checked', number>
  checked_at: string | null
  open_incidents: number
  daily: { day: string; working_ratio: number | null; sites: number }[]
  portals: PortalRow[]
}

export interface Evidence {
  id: string
  url: string
  fetched_at: string
  vantage: string | null
  collector: string | null
  http_status: number | null
  headers: string[][]
  body_sha256: string | null
  body_bytes: number
  body_text: string | null
  trimmed: boolean
  cause: string | null
  cause_title: string | null
  remedy: string | null
}
