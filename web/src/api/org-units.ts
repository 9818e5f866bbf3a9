import type { SiteVerdict } from '../components/status.ts'
import type { SiteCard } from './sites.ts'

export type OrgUnitKind = 'region' | 'municipality' | 'district' | 'organisation' | 'branch' | 'building'
export type OrgKind = 'school' | 'college' | 'additional' | 'preschool' | 'centre'
export type FounderKind = 'municipal' | 'regional' | 'federal' | 'private'

export interface OrgUnitRow {
  id: number
  kind: OrgUnitKind
  name: string
  municipality_id: number | null
  municipality_name: string | null
  org_kind: OrgKind | null
  founder_kind: FounderKind | null
  inn: string | null
  address: string | null
  sites: number
  verdict: SiteVerdict | null
  cause: string | null
  checked_at: string | null
  subsections_present: number | null
  subsections_expected: number | null
}

export interface OrgUnitList {
  counts: { organisations: number; branches: number; buildings: number }
  rows: OrgUnitRow[]
}

export interface OrgUnitEvent {
  on: string
  kind: 'created' | 'renamed' | 'moved' | 'merged' | 'split' | 'status' | 'closed'
  text: string
  source: string | null
}

export interface OrgUnitCard {
  id: number
  kind: OrgUnitKind
  name: string
  full_name: string | null
  municipality_id: number | null
  municipality_name: string | null
  org_kind: OrgKind | null
  founder_kind: FounderKind | null
  inn: string | null
  kpp: string | null
  ogrn: string | null
  oktmo: string | null
  address: string | null
  settlement_kind: 'city' | 'urban_settlement' | 'village' | null
  parent: { id: number; name: string } | null
  children: { id: number; kind: OrgUnitKind; name: string; address: string | null }[]
  history: OrgUnitEvent[]
}

export interface OrgUnitSites {
  sites: SiteCard[]
}
