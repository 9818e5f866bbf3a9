import { createServer, type Server } from 'node:https'
import type { RequestListener } from 'node:http'
import { createSecureContext } from 'node:tls'
import type { Site } from '../sites.ts'
import type { CertificateSubject, ContextSource } from './certificates.ts'
import { findCurrentFault, type FarmState } from './farm-state.ts'
import type { Portal } from './portals.ts'

interface TlsServerOptions {
  sites: ReadonlyMap<string, Site>
  portals: ReadonlyMap<string, Portal>
  state: FarmState
  contextFor: ContextSource
  handler: RequestListener
}

/** A name that nobody here has gets a hoster's own certificate, which fits no school; without SNI there is none. */
const STRANGER: CertificateSubject = { host: 'hosting-default.example', hoster: 'own', fault: null }

/**
 * One HTTPS server for all sites and addresses; the certificate is chosen by SNI. It does not listen itself: the
 * addresses' listeners hand it their connections. All share its ticket keys, so sessions resume at every address.
 */
export function createTlsServer({ sites, portals, state, contextFor, handler }: TlsServerOptions): Server {
  const unable = createSecureContext({})
  return createServer(
    {
      SNICallback: (name, answer) => {
        const site = sites.get(name.toLowerCase())
        const fault = site === undefined ? null : findCurrentFault(state, site, Date.now())
        if (fault === 'tls_silent') return
        if (fault === 'tls_alert') {
          answer(null, unable)
          return
        }
        contextFor(site ?? portals.get(name.toLowerCase()) ?? STRANGER, fault).then(
          (context) => answer(null, context),
          (error: unknown) => answer(error instanceof Error ? error : new Error(String(error))),
        )
      },
    },
    handler,
  )
}
