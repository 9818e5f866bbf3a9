import { randomUUID } from 'node:crypto'
import type { Lease, SiteCheck } from '@edumon/server/contract'
import type { CollectorDeps } from '../../core/collector.ts'
import type { OwnLink } from '../../core/witness.ts'
import { probeHomePage } from './probe.ts'
import type { SiteObservation } from './probe.ts'

/** The cause that stands when our own link was down: what was seen says nothing of the site. */
function withOwnLink(seen: SiteObservation, own_link: OwnLink): SiteObservation & Pick<SiteCheck, 'own_link'> {
  if (own_link !== 'down') return { ...seen, own_link }
  return { ...seen, own_link, verdict: 'cannot_tell', cause: 'own_link_down' }
}

/** A site that answered as it should proves the link; a failure is believed only after a look at the witnesses. */
async function observeWithWitness(url: string, full_handshake: boolean, deps: CollectorDeps) {
  const before = await deps.witness.current()
  const seen = await probeHomePage(url, full_handshake, deps)
  if (seen.http_status !== null) return withOwnLink(seen, before === 'down' ? 'up' : before)
  const after = await deps.witness.lookAgain()
  return withOwnLink(seen, before === 'down' ? 'down' : after)
}

/** One leased availability probe of a home page. */
export async function collectSiteCheck(lease: Lease, deps: CollectorDeps): Promise<SiteCheck> {
  if (lease.url === null || lease.org_unit_id === null || lease.target_id === null) {
    throw new TypeError(`lease ${lease.lease_id} has no target`)
  }
  const seen = await observeWithWitness(lease.url, lease.full_handshake, deps)
  return {
    ...seen,
    id: randomUUID(),
    lease_id: lease.lease_id,
    org_unit_id: lease.org_unit_id,
    target_id: lease.target_id,
    attempt: lease.attempt,
  }
}

/** One probe for the command line: nobody leased it, so the envelope's ids are made up and stand for nothing. */
export async function probeWebsite(target: string, deps: CollectorDeps): Promise<SiteCheck> {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(target) ? target : `http://${target}`
  const seen = await observeWithWitness(url, true, deps)
  return { ...seen, id: randomUUID(), lease_id: randomUUID(), org_unit_id: 1, target_id: randomUUID(), attempt: 1 }
}
