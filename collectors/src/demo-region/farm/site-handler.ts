import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import iconv from 'iconv-lite'
import { FAULTS, type FaultName, type FaultOf } from '../faults.ts'
import type { Ports, Site } from '../sites.ts'
import { html, sendAnswer, type Answer } from './answer.ts'
import { CONTENT_FAULTS } from './content-faults.ts'
import { findCurrentFault, type FarmState } from './farm-state.ts'
import { HTTP_FAULTS } from './http-faults.ts'
import { writeSitePage, type PageSource } from './pages/site-pages.ts'
import { writePortalPage, type Portal } from './portals.ts'

export interface HandlerOptions {
  sites: ReadonlyMap<string, Site>
  portals: ReadonlyMap<string, Portal>
  ports: Ports
  state: FarmState
  source: PageSource
}

const NO_SUCH_SITE = html(
  '<html><head><title>404</title></head><body><h1>На этом сервере такого сайта нет</h1></body></html>',
  404,
)
const DOCUMENT: Answer = { status: 200, headers: { 'content-type': 'application/pdf' }, body: '%PDF-1.4\n%%EOF\n' }
const ROBOTS = {
  open: 'User-agent: *\nDisallow: /admin/\n',
  refuses: 'User-agent: *\nDisallow: /\n',
} as const

function isHttpFault(fault: FaultName): fault is Exclude<FaultOf<'http'>, 'flapping'> {
  return fault in HTTP_FAULTS
}

function isContentFault(fault: FaultName): fault is FaultOf<'content'> {
  return FAULTS[fault].layer === 'content'
}

function writeRobots(site: Site): Answer {
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  if (site.robots === 'none') return { status: 404, headers, body: 'Not Found\n' }
  return { status: 200, headers, body: ROBOTS[site.robots] }
}

function encodePage(site: Site, text: string, status: number): Answer {
  const type = site.charset_told_by === 'header' ? `text/html; charset=${site.charset}` : 'text/html'
  return html(iconv.encode(text, site.charset), status, { 'content-type': type, server: 'nginx' })
}

function writeSiteAnswer(site: Site, path: string, source: PageSource): Answer {
  if (path === '/robots.txt') return writeRobots(site)
  if (/^\/(files|food)\/[\w-]+\.pdf$/.test(path)) return DOCUMENT
  const page = writeSitePage(site, path, source)
  if (page !== null) return encodePage(site, page, 200)
  return encodePage(site, '<html><head><title>404</title></head><body><h1>Страница не найдена</h1></body></html>', 404)
}

/** Host name of the request, in lower case and without its port. */
function readHost(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase()
}

/**
 * Answers for every site of the farm by Host header. A name that is served from another address is not found here,
 * as with a real hoster.
 */
export function createSiteHandler({ sites, portals, ports, state, source }: HandlerOptions) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const host = readHost(request)
    const path = (request.url ?? '/').replace(/[?#].*$/, '')
    const portal = portals.get(host)
    const address = request.socket.localAddress
    if (portal !== undefined && portal.address === address) {
      sendAnswer(response, writePortalPage(portal))
      return
    }
    const site = sites.get(host)
    if (site === undefined || site.address !== address) {
      sendAnswer(response, NO_SUCH_SITE)
      return
    }
    const isEncrypted = request.socket instanceof TLSSocket
    if (site.scheme === 'https' && !isEncrypted) {
      const location = `https://${site.host}:${ports.https_port}${path}`
      sendAnswer(response, html('', 301, { location }))
      return
    }
    const fault = findCurrentFault(state, site, Date.now())
    if (fault !== null && isHttpFault(fault)) {
      const origin = isEncrypted ? `https://${site.host}:${ports.https_port}` : `http://${site.host}:${ports.http_port}`
      HTTP_FAULTS[fault]({ request, response, origin })
      return
    }
    const wrong =
      fault !== null && isContentFault(fault) ? CONTENT_FAULTS[fault]({ site, headers: request.headers, source }) : null
    sendAnswer(response, wrong ?? writeSiteAnswer(site, path, source))
  }
}
