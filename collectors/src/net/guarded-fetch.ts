import { hash } from 'node:crypto'
import type { Socket } from 'node:net'
import type { SiteCause, SiteCertificate, SiteTimings } from '@edumon/server/contract'
import type { AddressPolicy } from './address-policy.ts'
import { openTcp, openTls } from './connect.ts'
import { Deadline } from './deadline.ts'
import { ACCEPTED_ENCODINGS, decodeBody } from './decode-body.ts'
import { classifyFailure, isOutsideFailure } from './failure.ts'
import { getOverSocket } from './http-get.ts'
import type { HttpLimits, RawAnswer } from './http-get.ts'
import type { Politeness } from './politeness.ts'
import type { NameResolver } from './resolve.ts'
import type { SessionCache } from './session-cache.ts'
import type { Trust } from './trust.ts'

/** Time and size limits of one GET. Times in ms; `total_ms` bounds all phases but not the wait for politeness. */
export interface FetchLimits extends HttpLimits {
  resolve_ms: number
  connect_ms: number
  tls_ms: number
  total_ms: number
  /** Bytes after decompression. */
  max_decoded_bytes: number
}

/** What one GET needs to be safe and polite; built once per process by `createGuardedNet`. */
export interface GuardedNet {
  policy: AddressPolicy
  resolver: NameResolver
  trust: Trust
  sessions: SessionCache
  politeness: Politeness
  limits: FetchLimits
  /** Names the system and a contact. */
  user_agent: string
}

export interface FetchOptions {
  /** No TLS session may be resumed: the certificate is due. */
  full_handshake?: boolean
  /** Cookies that this host set earlier in the same probe. */
  cookie?: string | null
  /** Overrides of the net's limits, e.g. what is left of a probe's time. */
  limits?: Partial<FetchLimits>
}

/**
 * All that one GET returned. `cause` null: a whole answer, whatever its status. Otherwise everything seen up to the
 * failure is there: a null field was not reached. `body` is decoded bytes, empty when there are none.
 */
export interface FetchResult {
  url: string
  started_at: Date
  cause: SiteCause | null
  timings: SiteTimings
  remote_address: string | null
  certificate: SiteCertificate | null
  tls_resumed: boolean | null
  http_status: number | null
  http_version: string | null
  /** Names in lower case, in the order received. */
  headers: [string, string][]
  body: Buffer
  /** Bytes received, before decompression. Null: no answer began. */
  body_bytes: number | null
  /** SHA-256 of the decoded body. Null: the body is not whole. */
  body_sha256: string | null
}

/** Addresses tried when the first does not connect. */
const ADDRESSES_TRIED = 2

export function findHeader(headers: readonly (readonly [string, string])[], name: string): string | null {
  return headers.find(([key]) => key === name)?.[1] ?? null
}

function emptyResult(url: URL): FetchResult {
  return {
    url: url.href,
    started_at: new Date(),
    cause: null,
    timings: { resolve_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null, total_ms: 0 },
    remote_address: null,
    certificate: null,
    tls_resumed: null,
    http_status: null,
    http_version: null,
    headers: [],
    body: Buffer.alloc(0),
    body_bytes: null,
    body_sha256: null,
  }
}

const since = (start_ms: number): number => Math.round(performance.now() - start_ms)

function requestHeaders(net: GuardedNet, cookie: string | null): Record<string, string> {
  return {
    'user-agent': net.user_agent,
    accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.5',
    'accept-language': 'ru,en;q=0.3',
    'accept-encoding': ACCEPTED_ENCODINGS,
    connection: 'close',
    ...(cookie === null || cookie === '' ? {} : { cookie }),
  }
}

async function takeAnswer(result: FetchResult, raw: RawAnswer, limits: FetchLimits): Promise<void> {
  result.http_status = raw.http_status
  result.http_version = raw.http_version
  result.headers = raw.headers
  result.timings.first_byte_ms = raw.first_byte_ms
  result.body_bytes = raw.http_status === null ? null : raw.body.length
  result.cause = raw.cause
  if (raw.cause !== null || raw.http_status === null) return
  const decoded = await decodeBody(
    raw.body,
    findHeader(raw.headers, 'content-encoding') ?? '',
    limits.max_decoded_bytes,
  )
  if (!decoded.ok) {
    result.cause = decoded.cause
    return
  }
  result.body = decoded.bytes
  result.body_sha256 = hash('sha256', decoded.bytes)
}

/** Connect, TLS and GET to one address. False: the address did not connect and another may be tried. */
async function visitAddress(
  net: GuardedNet,
  url: URL,
  address: string,
  options: FetchOptions,
  limits: FetchLimits,
  result: FetchResult,
): Promise<boolean> {
  const deadline = new Deadline(Math.max(1, limits.total_ms - result.timings.total_ms))
  const started_ms = performance.now()
  const secure = url.protocol === 'https:'
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  result.remote_address = address
  result.cause = null
  try {
    let socket: Socket
    if (secure) {
      let tls_started_ms = started_ms
      const tls = await openTls(
        address,
        {
          hostname: url.hostname,
          port,
          trust: net.trust,
          sessions: net.sessions,
          full_handshake: options.full_handshake ?? false,
          connect_ms: limits.connect_ms,
          tls_ms: limits.tls_ms,
          onConnected: () => {
            result.timings.connect_ms = since(started_ms)
            tls_started_ms = performance.now()
          },
        },
        deadline,
      )
      socket = tls.socket
      result.timings.tls_ms = since(tls_started_ms)
      result.tls_resumed = tls.resumed
      result.certificate = tls.judgement?.certificate ?? null
      result.cause = tls.judgement === null ? 'tls_handshake_failed' : tls.judgement.cause
      if (result.cause !== null) {
        socket.destroy()
        return true
      }
    } else {
      socket = await openTcp(address, port, limits.connect_ms, deadline)
      result.timings.connect_ms = since(started_ms)
    }
    const raw = await getOverSocket(socket, url, requestHeaders(net, options.cookie ?? null), limits, deadline)
    await takeAnswer(result, raw, limits)
  } catch (error) {
    if (!isOutsideFailure(error)) throw error
    result.cause = classifyFailure(error, result.timings.connect_ms === null ? 'connect' : 'tls')
  } finally {
    result.timings.total_ms += since(started_ms)
  }
  return result.timings.connect_ms !== null
}

/**
 * One GET of one address on the net's policy, politeness and limits: no redirect is followed (`followRedirects` does
 * that), robots.txt is the caller's business. Every resolved address is checked and the connection goes to the very
 * address that was checked. Never rejects for anything that the outside does: the result carries a cause.
 */
export async function guardedFetch(net: GuardedNet, url: URL, options: FetchOptions = {}): Promise<FetchResult> {
  const limits: FetchLimits = { ...net.limits, ...options.limits }
  const result = emptyResult(url)
  if ((url.protocol !== 'http:' && url.protocol !== 'https:') || url.username !== '' || url.password !== '') {
    result.cause = 'url_invalid'
    return result
  }
  if (limits.total_ms <= 0) {
    result.cause = 'total_timeout'
    return result
  }
  await net.politeness.alone(`host ${url.hostname}`, async () => {
    result.started_at = new Date()
    const resolve_started_ms = performance.now()
    const resolution = await net.politeness.within(() =>
      net.resolver.resolve(url.hostname, Math.min(limits.resolve_ms, limits.total_ms)),
    )
    result.timings.resolve_ms = since(resolve_started_ms)
    result.timings.total_ms = result.timings.resolve_ms
    if (!resolution.ok) {
      result.cause = resolution.cause
      return
    }
    const permitted = resolution.addresses.filter((address) => net.policy.permits(address))
    result.cause = permitted.length === 0 ? 'address_not_public' : null
    for (const address of permitted.slice(0, ADDRESSES_TRIED)) {
      const reached = await net.politeness.alone(`address ${address}`, () =>
        net.politeness.within(() => visitAddress(net, url, address, options, limits, result)),
      )
      if (reached) break
    }
  })
  return result
}
