import { request as httpRequest } from 'node:http'
import { connect as connectTcp, isIP, isIPv6, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { connect as connectTls, type SecureContext } from 'node:tls'
import { classifyConnectError, classifyTlsError, SpeedFailure } from './failure.ts'

export interface Way {
  /** Proxy that every connection goes through; null: straight. */
  proxy: URL | null
  trust: SecureContext
  /** Limit of each step: name and TCP, the proxy's answer, TLS. */
  step_ms: number
}

export interface Connection {
  socket: Socket
  address_family: 'ipv4' | 'ipv6' | null
  through_proxy: boolean
  /** Time of the TCP handshake with the server itself, microseconds; null behind a proxy, where it is the proxy's. */
  connect_us: number | null
}

/** Whether any network beside the loopback has an address. */
function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some(
    (addresses) => addresses?.some((address) => !address.internal) === true,
  )
}

/** Waits for one event of a socket; rejects with a SpeedFailure and destroys the socket when it fails or takes too long. */
function waitFor(
  socket: Socket,
  event: string,
  step_ms: number,
  toFailure: (error: Error) => SpeedFailure,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      clearTimeout(timer)
      socket.off('error', onError).off('close', onClose).off(event, onDone)
    }
    const fail = (failure: SpeedFailure) => {
      leave()
      socket.on('error', () => undefined)
      socket.destroy()
      reject(failure)
    }
    const onError = (error: Error) => fail(toFailure(error))
    const onClose = () => fail(new SpeedFailure('connection_lost', `closed while waiting for ${event}`))
    const onDone = () => {
      leave()
      resolve()
    }
    const timer = setTimeout(() => {
      fail(new SpeedFailure('connection_timed_out', `no ${event} within ${step_ms} ms`))
    }, step_ms)
    socket.on('error', onError).on('close', onClose).on(event, onDone)
  })
}

function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port)
  return url.protocol === 'https:' || url.protocol === 'wss:' ? 443 : 80
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '')

async function openTcp(to: URL, step_ms: number): Promise<{ socket: Socket; connect_us: number }> {
  const socket = connectTcp({ host: hostOf(to), port: portOf(to), noDelay: true })
  let started = performance.now()
  socket.once('lookup', () => (started = performance.now()))
  await waitFor(socket, 'connect', step_ms, (error) => {
    const cause = classifyConnectError(error)
    // Without any network the system may say that a name is unknown, or that a host cannot be reached.
    const isOffline = cause !== 'connection_refused' && isIP(hostOf(to)) === 0 && !hasNetwork()
    return new SpeedFailure(isOffline ? 'no_network' : cause, error.message, { cause: error })
  })
  return { socket, connect_us: Math.max(1, Math.round((performance.now() - started) * 1000)) }
}

/** Asks the proxy to pass the connection on to the server. */
function askProxy(socket: Socket, to: URL, { proxy, step_ms }: Way): Promise<Socket> {
  const authority = `${to.hostname}:${portOf(to)}`
  const credentials = `${decodeURIComponent(proxy?.username ?? '')}:${decodeURIComponent(proxy?.password ?? '')}`
  const authorization =
    credentials === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }
  return new Promise((resolve, reject) => {
    const refuse = (message: string, cause?: unknown) => {
      clearTimeout(timer)
      socket.destroy()
      reject(new SpeedFailure('proxy_refused', message, { cause }))
    }
    const asked = httpRequest({
      createConnection: () => socket,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorization },
    })
    // Requests on a socket that was opened before have no time limit of their own.
    const timer = setTimeout(() => refuse(`no answer of the proxy within ${step_ms} ms`), step_ms)
    asked.on('connect', ({ statusCode = 0 }, passed) => {
      if (statusCode >= 200 && statusCode < 300) {
        clearTimeout(timer)
        resolve(passed)
      } else refuse(`proxy answered ${statusCode}`)
    })
    // An answer without a tunnel, as a proxy of another kind gives it.
    asked.on('response', ({ statusCode = 0 }) => refuse(`proxy answered ${statusCode} without a tunnel`))
    asked.on('error', (error) => refuse(`proxy: ${error.message}`, error))
    asked.end()
  })
}

/**
 * Opens a connection to the host of an http, https, ws or wss address, through the proxy when there is one, with TLS for
 * the last of each pair. Rejects with a SpeedFailure that tells the step which failed.
 */
export async function openConnection(to: URL, way: Way): Promise<Connection> {
  const { socket: first, connect_us } = await openTcp(way.proxy ?? to, way.step_ms)
  const address = first.remoteAddress ?? ''
  const facts = {
    address_family: isIP(address) === 0 ? null : isIPv6(address) ? ('ipv6' as const) : ('ipv4' as const),
    through_proxy: way.proxy !== null,
    connect_us: way.proxy === null ? connect_us : null,
  }
  const plain = way.proxy === null ? first : await askProxy(first, to, way)
  if (to.protocol === 'http:' || to.protocol === 'ws:') return { socket: plain, ...facts }
  const tls = connectTls({
    socket: plain,
    secureContext: way.trust,
    ALPNProtocols: ['http/1.1'],
    ...(isIP(hostOf(to)) === 0 ? { servername: to.hostname } : { host: hostOf(to) }),
  })
  await waitFor(tls, 'secureConnect', way.step_ms, (error) => {
    return new SpeedFailure(classifyTlsError(error), error.message, { cause: error })
  })
  return { socket: tls, ...facts }
}
