import type { SiteCertificate } from '@edumon/server/contract'

interface KnownSession {
  session: Buffer
  /** Facts of the last full handshake: a resumed one brings no chain to judge. */
  certificate: SiteCertificate
  stored_at_ms: number
}

export interface SessionCache {
  find: (host: string) => KnownSession | null
  store: (host: string, session: Buffer, certificate: SiteCertificate) => void
}

/** TLS sessions by host and port, oldest out first. Only sessions with an accepted certificate are stored. */
export function createSessionCache(options: { max_entries: number; max_age_ms: number }): SessionCache {
  const sessions = new Map<string, KnownSession>()
  return {
    find(host) {
      const known = sessions.get(host)
      if (known === undefined) return null
      if (Date.now() - known.stored_at_ms < options.max_age_ms) return known
      sessions.delete(host)
      return null
    },
    store(host, session, certificate) {
      // A resumed session renews the ticket but not the age: the certificate was last judged at the full handshake.
      const known = sessions.get(host)
      const stored_at_ms = known?.certificate === certificate ? known.stored_at_ms : Date.now()
      sessions.delete(host)
      sessions.set(host, { session, certificate, stored_at_ms })
      const oldest = sessions.keys().next()
      if (sessions.size > options.max_entries && oldest.done !== true) sessions.delete(oldest.value)
    },
  }
}
