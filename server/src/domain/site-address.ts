/** A home page as the registry keeps it. */
export interface SiteAddress {
  url: string
  /** Lower case, ASCII (punycode), without port. */
  host: string
  /** False: the text named no scheme, http is assumed; a site of today redirects from there. */
  has_scheme: boolean
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9-]+(\.[a-z0-9-]+)+)$/

/**
 * Normalises what people write into a "site" cell: "школа5.рф", "www.school.ru/", "HTTPS://School.ru".
 * Null when it is no http(s) address of a host with a dot, carries a password, or holds several addresses.
 */
export function parseSiteAddress(text: string): SiteAddress | null {
  const trimmed = text.trim()
  if (trimmed.length > 2048 || /[\s,;]/.test(trimmed)) return null
  const has_scheme = /^[a-z][a-z0-9+.-]*:(?!\d)/i.test(trimmed)
  const url = URL.parse(has_scheme ? trimmed : `http://${trimmed}`)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
  if (url.username !== '' || url.password !== '' || !HOST.test(url.hostname)) return null
  url.hash = ''
  return { url: url.href, host: url.hostname, has_scheme }
}

/**
 * An address that claims to be http(s) and is none, such as one with a space: kept as written, so that the check
 * itself says "not an address" on the school's card. Null for anything else.
 */
export function keepBrokenAddress(text: string): SiteAddress | null {
  const trimmed = text.trim()
  const host = /^https?:\/\/([^/]+)/i.exec(trimmed)?.[1]
  if (host === undefined || trimmed.length > 2048 || URL.parse(trimmed) !== null) return null
  return { url: trimmed, host: host.toLowerCase(), has_scheme: true }
}
