import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { TLSSocket } from 'node:tls'
import type { Deadline } from './deadline.ts'
import { ClosedWhileOpening } from './failure.ts'
import { findRootFingerprint, judgeCertificate, rejudgeCertificate } from './trust.ts'
import type { CertificateJudgement, Trust } from './trust.ts'
import type { SessionCache } from './session-cache.ts'

/** Waits for one event of a socket that is being opened; a failure or the time limit destroys it and rejects. */
function opened<T extends Socket>(socket: T, event: string, phase_ms: number, deadline: Deadline): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      clearTimeout(timer)
      socket.destroy()
      reject(error)
    }
    const timer = deadline.start(phase_ms, fail)
    socket.once('error', fail)
    socket.once('close', () => fail(new ClosedWhileOpening('closed while opening')))
    socket.once(event, () => {
      clearTimeout(timer)
      socket.removeAllListeners('error')
      socket.removeAllListeners('close')
      // A late error of a socket that nobody listens to would end the process.
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

/** Opens TCP to exactly this address: the one that the policy has passed. Rejects with what went wrong. */
export function openTcp(address: string, port: number, phase_ms: number, deadline: Deadline): Promise<Socket> {
  return opened(connectTcp({ host: address, port, noDelay: true }), 'connect', phase_ms, deadline)
}

export interface TlsOptions {
  hostname: string
  port: number
  trust: Trust
  sessions: SessionCache
  full_handshake: boolean
  phase_ms: number
}

export interface TlsConnection {
  socket: TLSSocket
  resumed: boolean
  /** Null when the server showed no certificate. */
  judgement: CertificateJudgement | null
}

/**
 * TLS over an open socket. Trust is not enforced here but judged afterwards, so that a bad certificate leaves facts.
 * Rejects only when there is no TLS connection at all.
 */
export async function openTls(tcp: Socket, options: TlsOptions, deadline: Deadline): Promise<TlsConnection> {
  const host = `${options.hostname}:${options.port}`
  const known = options.full_handshake ? null : options.sessions.find(host)
  let accepted_root: string | null = null
  const tls = connectTls({
    socket: tcp,
    secureContext: options.trust.secure_context,
    rejectUnauthorized: false,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(options.hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: options.hostname } : {}),
    ...(known === null ? {} : { session: known.session }),
    checkServerIdentity: (_, leaf) => {
      accepted_root = findRootFingerprint(leaf as Parameters<typeof findRootFingerprint>[0])
      return undefined
    },
  })
  let certificate = known?.certificate ?? null
  tls.on('session', (session) => {
    if (certificate !== null) options.sessions.store(host, session, certificate)
  })
  const early: Buffer[] = []
  tls.on('session', (session) => early.push(session))
  const socket = await opened(tls, 'secureConnect', options.phase_ms, deadline)
  const resumed = socket.isSessionReused()
  const judgement =
    resumed && known !== null
      ? rejudgeCertificate(known.certificate, new Date())
      : judgeCertificate(socket, options.hostname, accepted_root, options.trust)
  certificate = judgement?.cause === null ? judgement.certificate : null
  const last = early.at(-1)
  if (certificate !== null && last !== undefined) options.sessions.store(host, last, certificate)
  return { socket, resumed, judgement }
}
