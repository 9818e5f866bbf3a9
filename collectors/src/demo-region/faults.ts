import type { SiteCause } from '@edumon/server/contract'

/**
 * Where a fault is made: in the registry's address or the hosts file, at the listening address, in the TLS handshake,
 * by the HTTP server, or by what an otherwise sound answer says.
 */
export type FaultLayer = 'name' | 'address' | 'tls' | 'http' | 'content'

interface FaultRule {
  layer: FaultLayer
  /** What a probe is to say of it; null when the site is odd but works. */
  cause: SiteCause | null
  /** How many sites show it among a thousand. At least one does in every region that has room for all kinds. */
  sites: number
}

/** Every way in which a site of the farm departs from a plain working one. */
export const FAULTS = {
  url_invalid: { layer: 'name', cause: 'url_invalid', sites: 1 },
  name_missing: { layer: 'name', cause: 'dns_not_found', sites: 6 },
  name_servfail: { layer: 'name', cause: 'dns_failed', sites: 1 },
  name_timeout: { layer: 'name', cause: 'dns_timeout', sites: 1 },
  address_private: { layer: 'name', cause: 'address_not_public', sites: 1 },
  address_unreachable: { layer: 'name', cause: 'connect_unreachable', sites: 1 },
  refused: { layer: 'address', cause: 'connect_refused', sites: 4 },
  reset: { layer: 'address', cause: 'connect_reset', sites: 1 },
  blackhole: { layer: 'address', cause: 'connect_timeout', sites: 3 },
  tls_silent: { layer: 'tls', cause: 'tls_timeout', sites: 1 },
  tls_alert: { layer: 'tls', cause: 'tls_handshake_failed', sites: 1 },
  tls_expired: { layer: 'tls', cause: 'tls_expired', sites: 5 },
  tls_not_yet_valid: { layer: 'tls', cause: 'tls_not_yet_valid', sites: 1 },
  tls_name_mismatch: { layer: 'tls', cause: 'tls_name_mismatch', sites: 4 },
  tls_self_signed: { layer: 'tls', cause: 'tls_self_signed', sites: 3 },
  tls_untrusted_root: { layer: 'tls', cause: 'tls_untrusted_root', sites: 1 },
  tls_incomplete_chain: { layer: 'tls', cause: 'tls_incomplete_chain', sites: 2 },
  tls_wrong_purpose: { layer: 'tls', cause: 'tls_certificate_invalid', sites: 1 },
  tls_national_unlisted: { layer: 'tls', cause: 'tls_national_root', sites: 1 },
  tls_national_listed: { layer: 'tls', cause: null, sites: 5 },
  never_answers: { layer: 'http', cause: 'first_byte_timeout', sites: 2 },
  body_stalls: { layer: 'http', cause: 'body_timeout', sites: 1 },
  slow_drip: { layer: 'http', cause: 'total_timeout', sites: 1 },
  response_cut: { layer: 'http', cause: 'response_cut', sites: 1 },
  garbage_answer: { layer: 'http', cause: 'protocol_error', sites: 1 },
  http_404: { layer: 'http', cause: 'http_client_error', sites: 3 },
  http_500: { layer: 'http', cause: 'http_server_error', sites: 3 },
  http_503: { layer: 'http', cause: 'http_server_error', sites: 2 },
  status_unexpected: { layer: 'http', cause: 'http_unexpected_status', sites: 1 },
  redirect_loop: { layer: 'http', cause: 'redirect_loop', sites: 2 },
  redirect_many: { layer: 'http', cause: 'redirect_too_many', sites: 1 },
  redirect_invalid: { layer: 'http', cause: 'redirect_invalid', sites: 1 },
  redirect_private: { layer: 'http', cause: 'address_not_public', sites: 1 },
  header_flood: { layer: 'http', cause: 'headers_too_large', sites: 1 },
  endless_body: { layer: 'http', cause: 'too_large', sites: 1 },
  zip_bomb: { layer: 'http', cause: 'too_large', sites: 1 },
  broken_encoding: { layer: 'http', cause: 'encoding_broken', sites: 1 },
  document_home: { layer: 'http', cause: 'not_a_page', sites: 1 },
  flapping: { layer: 'http', cause: 'http_server_error', sites: 4 },
  empty_page: { layer: 'content', cause: 'empty_page', sites: 2 },
  parked: { layer: 'content', cause: 'placeholder_parked', sites: 3 },
  hoster_stub: { layer: 'content', cause: 'placeholder_hoster', sites: 2 },
  repair: { layer: 'content', cause: 'placeholder_repair', sites: 3 },
  script_shell: { layer: 'content', cause: 'script_shell', sites: 2 },
  parser_bomb: { layer: 'content', cause: 'parse_failed', sites: 1 },
  challenge: { layer: 'content', cause: 'challenge', sites: 2 },
  captcha: { layer: 'content', cause: 'captcha', sites: 1 },
  robot_refused: { layer: 'content', cause: 'refused_to_robot', sites: 2 },
} as const satisfies Record<string, FaultRule>

export type FaultName = keyof typeof FAULTS
export type FaultOf<Layer extends FaultLayer> = {
  [Name in FaultName]: (typeof FAULTS)[Name]['layer'] extends Layer ? Name : never
}[FaultName]

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]

/** Causes that are said of ourselves or of several probes together: no single site can show them. */
export const CAUSES_OF_NO_SITE = ['own_link_down', 'vantages_disagree', 'attempts_disagree'] as const

/** Faults for a region of `sites` sites: every kind once if there is room, then each by its share of a thousand. */
export function listFaults(sites: number): FaultName[] {
  const once = FAULT_NAMES.slice(0, Math.floor(sites / 2))
  const more = FAULT_NAMES.flatMap((name) =>
    Array.from({ length: Math.max(0, Math.round((FAULTS[name].sites * sites) / 1000) - 1) }, () => name),
  )
  return once.length < FAULT_NAMES.length ? once : [...once, ...more]
}
