import { connect as connectTcp, isIP } from 'node:net'
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import type { Deadline } from './deadline.ts'
import { ClosedWhileOpening } from './failure.ts'
import { judgeCertificate, rejudgeCertificate } from './trust.ts'
import type { CertificateJudgement, Trust } from './trust.ts'
import type { SessionCache } from './session-cache.ts'

/** Waits for one event of a socket that is being opened; a failure or the time limit destroys it and rejects. */
function opened(socket: Socket, event: string, phase_ms: number, deadline: Deadline): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer)
      socket.removeListener('error', fail)
      socket.removeListener('close', onClose)
      socket.removeListener(event, onOpen)
    }
    const fail = (error: Error) => {
      leave()
      socket.destroy()
      reject(error)
    }
    const onClose = () => fail(new ClosedWhileOpening('closed while opening'))
    const onOpen = () => {
      leave()
      resolve()
    }
    const timer = deadline.start(phase_ms, fail)
    socket.on('error', fail)
    socket.on('close', onClose)
    socket.on(event, onOpen)
  })
}

/** A late error of a socket that nobody listens to would end the process. */
function ignoreLateErrors(socket: Socket): void {
  socket.on('error', () => undefined)
}

/** Opens TCP to exactly this address: the one that the policy has passed. Rejects with what went wrong. */
export async function openTcp(address: string, port: number, phase_ms: number, deadline: Deadline): Promise<Socket> {
  const socket = connectTcp({ host: address, port, noDelay: true })
  ignoreLateErrors(socket)
  await opened(socket, 'connect', phase_ms, deadline)
  return socket
}

export interface TlsOptions {
  /** Name asked for; the connection goes to the address, whatever the name resolves to. */
  hostname: string
  port: number
  trust: Trust
  sessions: SessionCache
  full_handshake: boolean
  connect_ms: number
  tls_ms: number
  /** Called between TCP and TLS: what fails before is the connection, what fails after is TLS. */
  onConnected: () => void
}

export interface TlsConnection {
  socket: TLSSocket
  resumed: boolean
  /** Null when the server showed no certificate. */
  judgement: CertificateJudgement | null
}

/**
 * For `checkServerIdentity` Node turns the whole chain into objects, which costs as much as the rest of a handshake on
 * our side. Names are judged from the X.509 object instead.
 */
const CHAIN_NOT_READ = {} as DetailedPeerCertificate

/** The list of protocols as it goes over the wire: a length and a name. */
const HTTP_1 = Buffer.from('\x08http/1.1')

/**
 * The option `session` of `connect` has the session, with the certificate in it, unpacked twice; this method, which
 * `connect` calls itself and the types leave out, does so once.
 */
interface ResumingSocket extends TLSSocket {
  setSession: (session: Buffer) => void
}

function startTls(address: string, options: TlsOptions, session: Buffer | undefined): TLSSocket {
  const tls = connectTls({
    host: address,
    port: options.port,
    secureContext: options.trust.secure_context,
    rejectUnauthorized: false,
    ALPNProtocols: HTTP_1,
    ...(isIP(options.hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: options.hostname } : {}),
    checkServerIdentity: () => undefined,
  }) as ResumingSocket
  ignoreLateErrors(tls)
  if (session !== undefined) tls.setSession(session)
  tls.setNoDelay(true)
  tls.getPeerCertificate = () => CHAIN_NOT_READ
  return tls
}

/**
 * TCP and TLS to exactly this address. Trust is not enforced here but judged afterwards, so that a bad certificate
 * leaves facts. Rejects only when there is no TLS connection at all.
 */
export async function openTls(address: string, options: TlsOptions, deadline: Deadline): Promise<TlsConnection> {
  const host = `${options.hostname}:${options.port}`
  const known = options.full_handshake ? null : options.sessions.find(host)
  const socket = startTls(address, options, known?.session)
  let certificate = known?.certificate ?? null
  const early: Buffer[] = []
  socket.on('session', (session) => {
    early.push(session)
    if (certificate !== null) options.sessions.store(host, session, certificate)
  })
  await opened(socket, 'connect', options.connect_ms, deadline)
  options.onConnected()
  await opened(socket, 'secureConnect', options.tls_ms, deadline)
  const resumed = socket.isSessionReused()
  const judgement =
    resumed && known !== null
      ? rejudgeCertificate(known.certificate, new Date())
      : judgeCertificate(socket, options.hostname, options.trust)
  certificate = judgement?.cause === null ? judgement.certificate : null
  const last = early.at(-1)
  if (certificate !== null && last !== undefined) options.sessions.store(host, last, certificate)
  return { socket, resumed, judgement }
}
