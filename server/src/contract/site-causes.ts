/**
 * Closed list of reasons why a website probe did not see a working home page, with the verdict each one leads to.
 * A failing site is data: every probe ends in exactly one of these causes or in none (the site works).
 * Texts are in sql/reference/site-causes.json, so that screen, export and printed list speak the same words.
 */

/** What one probe, or a confirmed round of probes, says of a site. */
export const SITE_VERDICTS = ['works', 'does_not_work', 'cannot_tell', 'blocks_robots'] as const
export type SiteVerdict = (typeof SITE_VERDICTS)[number]

interface CauseRule {
  verdict: Exclude<SiteVerdict, 'works'>
  /** A permanent cause says the same a minute later: it is not retried within a round. */
  permanent: boolean
}

export const SITE_CAUSES = {
  // The name
  dns_not_found: { verdict: 'does_not_work', permanent: true },
  dns_failed: { verdict: 'does_not_work', permanent: false },
  dns_timeout: { verdict: 'does_not_work', permanent: false },
  url_invalid: { verdict: 'does_not_work', permanent: true },
  address_not_public: { verdict: 'does_not_work', permanent: true },
  // The connection
  connect_refused: { verdict: 'does_not_work', permanent: false },
  connect_reset: { verdict: 'does_not_work', permanent: false },
  connect_timeout: { verdict: 'does_not_work', permanent: false },
  connect_unreachable: { verdict: 'does_not_work', permanent: false },
  // TLS
  tls_timeout: { verdict: 'does_not_work', permanent: false },
  tls_handshake_failed: { verdict: 'does_not_work', permanent: false },
  tls_expired: { verdict: 'does_not_work', permanent: true },
  tls_not_yet_valid: { verdict: 'does_not_work', permanent: true },
  tls_name_mismatch: { verdict: 'does_not_work', permanent: true },
  tls_self_signed: { verdict: 'does_not_work', permanent: true },
  tls_untrusted_root: { verdict: 'does_not_work', permanent: true },
  /** Signed under the national root (НУЦ Минцифры) and no extra store was given to judge it with. */
  tls_national_root: { verdict: 'cannot_tell', permanent: true },
  tls_incomplete_chain: { verdict: 'does_not_work', permanent: true },
  tls_certificate_invalid: { verdict: 'does_not_work', permanent: true },
  // The answer
  first_byte_timeout: { verdict: 'does_not_work', permanent: false },
  body_timeout: { verdict: 'does_not_work', permanent: false },
  total_timeout: { verdict: 'does_not_work', permanent: false },
  response_cut: { verdict: 'does_not_work', permanent: false },
  protocol_error: { verdict: 'does_not_work', permanent: false },
  http_client_error: { verdict: 'does_not_work', permanent: false },
  http_server_error: { verdict: 'does_not_work', permanent: false },
  http_unexpected_status: { verdict: 'cannot_tell', permanent: false },
  redirect_loop: { verdict: 'does_not_work', permanent: true },
  redirect_too_many: { verdict: 'does_not_work', permanent: true },
  redirect_invalid: { verdict: 'does_not_work', permanent: true },
  headers_too_large: { verdict: 'cannot_tell', permanent: true },
  too_large: { verdict: 'cannot_tell', permanent: true },
  encoding_broken: { verdict: 'cannot_tell', permanent: false },
  not_a_page: { verdict: 'cannot_tell', permanent: true },
  // What the answer says
  empty_page: { verdict: 'does_not_work', permanent: false },
  placeholder_parked: { verdict: 'does_not_work', permanent: true },
  placeholder_hoster: { verdict: 'does_not_work', permanent: true },
  placeholder_repair: { verdict: 'does_not_work', permanent: false },
  script_shell: { verdict: 'cannot_tell', permanent: true },
  parse_failed: { verdict: 'cannot_tell', permanent: true },
  challenge: { verdict: 'blocks_robots', permanent: true },
  captcha: { verdict: 'blocks_robots', permanent: true },
  refused_to_robot: { verdict: 'blocks_robots', permanent: true },
  // What we know of ourselves: the collector's own link, or vantages that do not agree
  own_link_down: { verdict: 'cannot_tell', permanent: false },
  vantages_disagree: { verdict: 'cannot_tell', permanent: false },
  attempts_disagree: { verdict: 'cannot_tell', permanent: false },
} as const satisfies Record<string, CauseRule>

export type SiteCause = keyof typeof SITE_CAUSES
export const SITE_CAUSE_CODES = Object.keys(SITE_CAUSES) as SiteCause[]
