import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { SiteCause } from '@edumon/server/contract'
import type { HostsTable, SimulatedDnsFailure } from './hosts-file.ts'

export type Resolution = { ok: true; addresses: string[] } | { ok: false; cause: SiteCause }

export interface NameResolver {
  /** Addresses of a host name or IP literal (brackets allowed), IPv4 first. Outside failures are causes, never thrown. */
  resolve: (hostname: string, timeout_ms: number) => Promise<Resolution>
}

export interface ResolverOptions {
  hosts: HostsTable
  /** Addresses of DNS servers, with an optional port; empty: the system's. */
  dns_servers: readonly string[]
}

/** How long an answer for one family waits for the other before it is used alone. */
const OTHER_FAMILY_WAIT_MS = 100

const NO_SUCH_NAME = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'ENONAME'])
const TIMED_OUT = new Set(['ETIMEOUT', 'ECANCELLED'])

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

function causeOf(codes: string[]): SiteCause {
  if (codes.every((code) => NO_SUCH_NAME.has(code))) return 'dns_not_found'
  return codes.some((code) => TIMED_OUT.has(code)) ? 'dns_timeout' : 'dns_failed'
}

/** Asks for both families; IPv4 alone is enough when IPv6 lags, because IPv4 is tried first anyway. */
async function askBoth(resolver: Resolver, name: string): Promise<Resolution> {
  const codes: string[] = []
  const ask = (query: Promise<string[]>) =>
    query.catch((error: unknown) => {
      codes.push(errorCode(error))
      return []
    })
  const ipv4 = ask(resolver.resolve4(name))
  const ipv6 = ask(resolver.resolve6(name))
  const first = await ipv4
  const lag = new Promise<string[]>((done) => setTimeout(done, OTHER_FAMILY_WAIT_MS, []).unref())
  const second = first.length > 0 ? await Promise.race([ipv6, lag]) : await ipv6
  const addresses = [...first, ...second]
  return addresses.length > 0 ? { ok: true, addresses } : { ok: false, cause: causeOf(codes) }
}

async function failAsTold(failure: SimulatedDnsFailure, timeout_ms: number): Promise<Resolution> {
  if (failure === '!timeout') await wait(timeout_ms)
  const causes = { '!nxdomain': 'dns_not_found', '!servfail': 'dns_failed', '!timeout': 'dns_timeout' } as const
  return { ok: false, cause: causes[failure] }
}

export function createResolver(options: ResolverOptions): NameResolver {
  return {
    async resolve(hostname, timeout_ms) {
      const name = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
      if (isIP(name) !== 0) return { ok: true, addresses: [name] }
      const known = options.hosts.get(name)
      if (typeof known === 'string') return await failAsTold(known, timeout_ms)
      if (known !== undefined) return { ok: true, addresses: [...known] }
      const resolver = new Resolver({ timeout: Math.max(1, Math.ceil(timeout_ms / 2)), tries: 2 })
      if (options.dns_servers.length > 0) resolver.setServers(options.dns_servers)
      const timer = setTimeout(() => resolver.cancel(), timeout_ms)
      try {
        return await askBoth(resolver, name)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
