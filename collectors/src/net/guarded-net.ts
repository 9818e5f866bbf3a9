import { createAddressPolicy } from './address-policy.ts'
import type { FetchLimits, GuardedNet } from './guarded-fetch.ts'
import type { HostsTable } from './hosts-file.ts'
import { createPoliteness } from './politeness.ts'
import type { PolitenessOptions } from './politeness.ts'
import { createResolver } from './resolve.ts'
import { createSessionCache } from './session-cache.ts'
import { createTrust } from './trust.ts'
import type { TrustOptions } from './trust.ts'

export interface NetOptions extends TrustOptions, PolitenessOptions {
  /** Addresses or CIDR ranges opened beside the public Internet, e.g. `127.0.0.0/8`. */
  allowed_addresses: readonly string[]
  hosts: HostsTable
  dns_servers: readonly string[]
  user_agent: string
  limits: FetchLimits
}

export const DEFAULT_LIMITS: FetchLimits = {
  resolve_ms: 5_000,
  connect_ms: 10_000,
  tls_ms: 10_000,
  first_byte_ms: 20_000,
  body_idle_ms: 10_000,
  total_ms: 40_000,
  max_header_bytes: 32_768,
  max_body_bytes: 4_194_304,
  max_decoded_bytes: 8_388_608,
}

const SESSIONS_KEPT = 20_000
/** A full handshake is asked for daily by the lease; this bound holds when nobody asks. */
const SESSION_AGE_MS = 24 * 3_600_000

/** Everything that a GET needs, built once per process. Throws when an allowed range is not one. */
export function createGuardedNet(options: NetOptions): GuardedNet {
  return {
    policy: createAddressPolicy(options.allowed_addresses),
    resolver: createResolver(options),
    trust: createTrust(options),
    sessions: createSessionCache({ max_entries: SESSIONS_KEPT, max_age_ms: SESSION_AGE_MS }),
    politeness: createPoliteness(options),
    limits: options.limits,
    user_agent: options.user_agent,
  }
}
