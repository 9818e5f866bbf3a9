import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { AgentStatus } from './agent-status.ts'
import { renderStatusPage } from './status-page.ts'

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

/** A page of the Internet that has its name point to this computer asks with its own name. */
function isOwnHost(host: string | undefined, port: number): boolean {
  return host === `127.0.0.1:${port}` || host === `localhost:${port}`
}

/**
 * Shows the status to whoever sits at this computer. Reads alone, and never listens to the network.
 * @param port 0: any that is free
 */
export async function startPageServer(
  port: number,
  findStatus: () => AgentStatus,
): Promise<{ port: number; server: Server }> {
  let bound_port = port
  const server = createServer(({ headers, method, url }, answer) => {
    if (!isOwnHost(headers.host, bound_port)) answer.writeHead(421).end()
    else if (method !== 'GET' && method !== 'HEAD') answer.writeHead(405, { allow: 'GET, HEAD' }).end()
    else if (url !== '/') answer.writeHead(404).end()
    else answer.writeHead(200, HEADERS).end(renderStatusPage(findStatus()))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  bound_port = (server.address() as AddressInfo).port
  return { port: bound_port, server }
}
