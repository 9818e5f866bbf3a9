import type { SiteCause } from '../contract/index.ts'

/** What the failures of one incident share, from narrow to wide. */
export const INCIDENT_SCOPES = ['site', 'hoster_address', 'provider', 'municipality'] as const
export type IncidentScope = (typeof INCIDENT_SCOPES)[number]
export type SharedScope = Exclude<IncidentScope, 'site'>

/** A target whose failure is confirmed. */
export interface FailingTarget {
  org_unit_id: number
  target_id: string
  municipality_id: number | null
  /** Last address that the site was asked at; null when none is known. */
  address: string | null
  cause: SiteCause
  /** When the failing began, milliseconds since the epoch. */
  failed_at: number
  incident_id: number | null
}

export interface OpenIncident {
  incident_id: number
  scope: IncidentScope
  scope_key: string
  cause: SiteCause
}

/** One step: members whose incident_id is another one move, the others join. A null incident_id is to be made. */
export interface IncidentChange {
  incident_id: number | null
  kind: 'opened' | 'widened' | 're_attributed'
  scope: IncidentScope
  scope_key: string
  cause: SiteCause
  members: FailingTarget[]
}

/** How many targets there are under one key, and how many distinct narrower keys. */
export type Population = ReadonlyMap<string, number>

const LEAST_MEMBERS: Record<SharedScope, number> = { hoster_address: 4, provider: 6, municipality: 6 }
const LEAST_SHARE: Record<SharedScope, number> = { hoster_address: 0.5, provider: 0.5, municipality: 0.6 }
const SHARED_SCOPES: readonly SharedScope[] = ['hoster_address', 'provider', 'municipality']

/** Causes that a hoster's or network's outage shows. An expired certificate is the site's own, however many have one. */
const SHARED_CAUSES: ReadonlySet<SiteCause> = new Set<SiteCause>([
  'dns_failed',
  'dns_timeout',
  'connect_refused',
  'connect_reset',
  'connect_timeout',
  'connect_unreachable',
  'tls_timeout',
  'tls_handshake_failed',
  'first_byte_timeout',
  'body_timeout',
  'total_timeout',
  'response_cut',
  'http_server_error',
  'placeholder_hoster',
])

/** Network of a provider: /24 of an IPv4 address, /48 of an IPv6 one. */
export function providerOf(address: string): string {
  if (!address.includes(':')) return `${address.split('.').slice(0, 3).join('.')}.0/24`
  const [head = '', tail] = address.split('::')
  const start = head === '' ? [] : head.split(':')
  const end = tail === undefined || tail === '' ? [] : tail.split(':')
  const gap = tail === undefined ? [] : Array<string>(Math.max(0, 8 - start.length - end.length)).fill('0')
  return `${[...start, ...gap, ...end].slice(0, 3).join(':')}::/48`
}

/** Key of a target under a scope; null when it has none. Equal keys may fail together. */
export function scopeKeyOf(
  target: Pick<FailingTarget, 'address' | 'municipality_id' | 'target_id'>,
  scope: IncidentScope,
): string | null {
  if (scope === 'site') return target.target_id
  if (scope === 'municipality') return target.municipality_id === null ? null : String(target.municipality_id)
  if (target.address === null) return null
  return scope === 'hoster_address' ? target.address : providerOf(target.address)
}

export function populationKey(scope: SharedScope, key: string): string {
  return `${scope} ${key}`
}

/** Counts how many targets stand under each shared key. */
export function countPopulation(targets: readonly Pick<FailingTarget, 'address' | 'municipality_id' | 'target_id'>[]) {
  const counts = new Map<string, number>()
  for (const target of targets) {
    for (const scope of SHARED_SCOPES) {
      const key = scopeKeyOf(target, scope)
      if (key === null) continue
      const name = populationKey(scope, key)
      counts.set(name, (counts.get(name) ?? 0) + 1)
    }
  }
  return counts
}

function mostFrequent(members: readonly FailingTarget[]): SiteCause {
  const counts = Map.groupBy(members, (member) => member.cause)
  const [first] = [...counts.entries()].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
  if (first === undefined) throw new Error('An incident has no members')
  return first[0]
}

/** A provider's or territory's outage shows in several places below it; one dead server is no such thing. */
function hasSeveralPlaces(members: readonly FailingTarget[], scope: SharedScope): boolean {
  if (scope === 'hoster_address') return true
  const below = scope === 'provider' ? 'hoster_address' : 'provider'
  return new Set(members.map((member) => scopeKeyOf(member, below))).size > 1
}

function isOutage(members: readonly FailingTarget[], scope: SharedScope, population: number): boolean {
  return (
    members.length >= LEAST_MEMBERS[scope] &&
    members.length >= population * LEAST_SHARE[scope] &&
    hasSeveralPlaces(members, scope)
  )
}

/** New failures under the key of an open shared incident belong to it. */
function joinOpen(fresh: readonly FailingTarget[], open: readonly OpenIncident[]): IncidentChange[] {
  const byKey = new Map(open.map((incident) => [`${incident.scope} ${incident.scope_key}`, incident]))
  const joined = new Map<OpenIncident, FailingTarget[]>()
  for (const target of fresh) {
    const scope = SHARED_SCOPES.find((name) => byKey.has(`${name} ${scopeKeyOf(target, name) ?? ''}`))
    const incident = scope && byKey.get(`${scope} ${scopeKeyOf(target, scope) ?? ''}`)
    if (incident === undefined) continue
    joined.set(incident, [...(joined.get(incident) ?? []), target])
  }
  return [...joined].map(([incident, members]) => ({ ...incident, kind: 'widened', members }))
}

function scopeRank(scope: IncidentScope): number {
  return INCIDENT_SCOPES.indexOf(scope)
}

/** Failures that share a key become one incident; the oldest incident among them goes on with the wider scope. */
function groupShared(
  candidates: readonly FailingTarget[],
  scope: SharedScope,
  open: ReadonlyMap<number, OpenIncident>,
  population: Population,
): IncidentChange[] {
  const groups = Map.groupBy(candidates, (target) => scopeKeyOf(target, scope))
  const changes: IncidentChange[] = []
  for (const [scope_key, members] of groups) {
    if (scope_key === null) continue
    if (!isOutage(members, scope, population.get(populationKey(scope, scope_key)) ?? members.length)) continue
    const movers = members.filter((member) => {
      const incident = member.incident_id === null ? undefined : open.get(member.incident_id)
      return incident === undefined || scopeRank(incident.scope) < scopeRank(scope)
    })
    if (movers.length === 0) continue
    const known = movers.flatMap((member) => (member.incident_id === null ? [] : [member.incident_id]))
    const incident_id = known.length === 0 ? null : Math.min(...known)
    const kind = incident_id === null ? 'opened' : 're_attributed'
    changes.push({ incident_id, kind, scope, scope_key, cause: mostFrequent(members), members: movers })
  }
  return changes
}

/**
 * What happens to incidents when `failing` are all targets whose failure is confirmed now. Failures that share a
 * hoster's address, a provider's network or a municipality become one incident; the rest one each. A member of a
 * shared incident stays there until it recovers. Empty when nothing is new.
 */
export function planIncidents(
  failing: readonly FailingTarget[],
  openIncidents: readonly OpenIncident[],
  population: Population,
): IncidentChange[] {
  const open = new Map(openIncidents.map((incident) => [incident.incident_id, incident]))
  const isShared = (target: FailingTarget): boolean => SHARED_CAUSES.has(target.cause)
  const fresh = failing.filter((target) => target.incident_id === null)
  if (fresh.length === 0) return []
  const changes = joinOpen(fresh.filter(isShared), openIncidents)
  const placed = new Set(changes.flatMap((change) => change.members.map((member) => member.target_id)))
  for (const scope of SHARED_SCOPES) {
    const candidates = failing.filter((target) => isShared(target) && !placed.has(target.target_id))
    for (const change of groupShared(candidates, scope, open, population)) {
      changes.push(change)
      for (const member of change.members) placed.add(member.target_id)
    }
  }
  const alone = fresh.filter((target) => !placed.has(target.target_id))
  return [...changes, ...alone.map(openAlone)]
}

function openAlone(target: FailingTarget): IncidentChange {
  const { target_id, cause } = target
  return { incident_id: null, kind: 'opened', scope: 'site', scope_key: target_id, cause, members: [target] }
}
