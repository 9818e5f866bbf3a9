import type { CollectorIdentity, Lease, WorkKind } from '@edumon/server/contract'
import type { Logger } from 'pino'
import type { GuardedNet } from '../net/guarded-fetch.ts'
import type { ContentPool } from '../website/audit/content-pool.ts'
import type { PageReader } from '../website/page/page-reader.ts'
import type { ApiClient } from './api-client.ts'
import type { Witness } from './witness.ts'

/** What every collector is given to work with. */
export interface CollectorDeps {
  identity: CollectorIdentity
  net: GuardedNet
  pages: PageReader
  contents: ContentPool
  /** IANA zone of the region: rules and terms go by its days. */
  time_zone: string
  witness: Witness
  /** For collectors that report by calls of their own. */
  api: ApiClient
  log: Logger
}

/**
 * Does one leased piece of work. Returns the measurement to keep and send, or null when the collector has reported
 * itself. A failing target is data in the measurement; a rejection is our own fault and loses the lease until it expires.
 */
export type CollectLease = (lease: Lease, deps: CollectorDeps) => Promise<object | null>

/** One entry of the registry. */
export interface Collector {
  /** Name on the command line. */
  name: string
  kind: WorkKind
  title: string
  /** Leases held at one time: enough that a slow target never leaves the connections idle. */
  held: number
  collect: CollectLease
  /** One measurement of one target for the command line; stores nothing. Absent: the kind has no such use. */
  probe?: (target: string, deps: CollectorDeps) => Promise<object>
}
