import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { get as getHttp } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { get as getHttps } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SiteTruth } from '../../../collectors/src/demo-region/farm/farm-files.ts'
import { startFarmProcess, type FarmProcess } from './start-farm-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'edumon-farm-'))
let farm: FarmProcess

beforeAll(async () => {
  farm = await startFarmProcess(folder, 1000)
})
afterAll(async () => {
  expect(await farm.stop()).toBe(0)
  rmSync(folder, { recursive: true })
})

interface Visited {
  status: number
  body: Buffer
  certificate_names: string | null
}

/** One GET to the site's own address or another, with its name in Host and SNI. Rejects with the system's error. */
function visit(site: SiteTruth, path = '/', address = site.address): Promise<Visited> {
  const url = new URL(site.url)
  const isTls = url.protocol === 'https:'
  const ca = [readFileSync(farm.report.system_ca_file), readFileSync(farm.report.extra_ca_file)]
  const { host } = site
  const options = {
    host: address,
    port: url.port,
    path,
    servername: host,
    headers: { host },
    ca,
    agent: false,
    signal: AbortSignal.timeout(4000),
  }
  return new Promise((resolve, reject) => {
    const receive = (response: IncomingMessage) => {
      const { socket } = response
      const certificate_names =
        socket instanceof TLSSocket ? (socket.getPeerCertificate().subjectaltname ?? null) : null
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks), certificate_names }),
      )
    }
    const request = isTls ? getHttps(options, receive) : getHttp(options, receive)
    request.on('error', reject)
  })
}

function find(wanted: (site: SiteTruth) => boolean): SiteTruth {
  const site = farm.truth.find(wanted)
  if (site === undefined) throw new Error('the farm has no such site')
  return site
}

const works = (site: SiteTruth) => site.fault === null && site.url.startsWith('https')

describe('the farm', () => {
  it('is ready with a thousand sites within twenty seconds, also on a busy machine', () => {
    expect(farm.report.sites).toBeGreaterThan(950)
    expect(farm.start_ms).toBeLessThan(20_000)
  })

  it('lets nobody else read its keys', () => {
    expect(statSync(join(folder, 'authorities.json')).mode & 0o077).toBe(0)
  })

  it('tells sites of one address apart by Host and SNI', async () => {
    const first = find((site) => works(site) && site.hoster === 'own')
    const second = find((site) => works(site) && site.address === first.address && site.host !== first.host)
    const [one, other] = await Promise.all([visit(first), visit(second)])
    expect([one.status, other.status]).toEqual([200, 200])
    expect([one.certificate_names, other.certificate_names]).toEqual([`DNS:${first.host}`, `DNS:${second.host}`])
    expect(one.body.equals(other.body)).toBe(false)
  })

  it('does not serve a name from an address that is not its own', async () => {
    const site = find(works)
    const other = find((another) => works(another) && another.address !== site.address)
    expect((await visit(site, '/', other.address)).status).toBe(404)
  })

  it('serves the section where each platform has it, marked up where the school can', async () => {
    const pages = [
      ['own', 'whole_current', '/sveden/common', true],
      ['gosweb', 'whole_unmarked', '/svedeniya-ob-obrazovatelnoy-organizatsii/osnovnye-svedeniya/', false],
      ['ucoz', 'whole_unmarked', '/index/osnovnye_svedenija/0-10', false],
    ] as const
    for (const [platform, grade, path, isMarked] of pages) {
      const site = find(
        (one) => works(one) && one.charset === 'utf-8' && one.platform === platform && one.grade === grade,
      )
      const { status, body } = await visit(site, path)
      expect(status).toBe(200)
      expect(body.toString('utf8')).toContain('Полное наименование')
      expect(body.toString('utf8').includes('itemprop="fullName"')).toBe(isMarked)
    }
  })

  it('writes old charsets in their own bytes', async () => {
    const site = find((one) => works(one) && one.charset === 'koi8-r' && one.grade !== 'no_section')
    const { body } = await visit(site)
    expect(new TextDecoder('koi8-r').decode(body)).toContain('Сведения об образовательной организации')
  })

  it('refuses, resets and leaves waiting at the addresses of such sites', async () => {
    await expect(visit(find(({ fault }) => fault === 'refused'))).rejects.toThrow('ECONNREFUSED')
    await expect(visit(find(({ fault }) => fault === 'reset'))).rejects.toThrow(
      /ECONNRESET|socket hang up|disconnected/,
    )
    await expect(visit(find(({ fault }) => fault === 'blackhole'))).rejects.toThrow('aborted')
  })
})

describe('the control endpoint', () => {
  it('takes no order without the token', async () => {
    const answer = await fetch(`${farm.report.control_url}/witness`, { method: 'POST', body: '{"state":"down"}' })
    expect(answer.status).toBe(403)
  })

  it('gives a site a fault and takes it away', async () => {
    const site = find((one) => works(one) && one.hoster === 'gosweb')
    expect(await farm.order('/fault', { host: site.host, fault: 'http_500' })).toBe(204)
    expect((await visit(site)).status).toBe(500)
    expect(await farm.order('/fault', { host: site.host })).toBe(204)
    expect((await visit(site)).status).toBe(200)
    expect(await farm.order('/fault', { host: site.host, fault: 'refused' })).toBe(400)
  })

  it('takes all sites of a hoster down and up again', async () => {
    const sites = farm.truth.filter((site) => site.fault === null && site.hoster === 'volga')
    expect(sites.length).toBeGreaterThan(20)
    expect(await farm.order('/hoster', { hoster: 'volga', state: 'down' })).toBe(204)
    const down = await Promise.allSettled(sites.map((site) => visit(site)))
    expect(down.filter(({ status }) => status === 'fulfilled')).toEqual([])
    expect(await farm.order('/hoster', { hoster: 'volga', state: 'up' })).toBe(204)
    const up = await Promise.all(sites.map((site) => visit(site)))
    expect(up.filter(({ status }) => status !== 200)).toEqual([])
  })

  it('switches the witnesses', async () => {
    const witness = new URL(farm.report.witnesses[0] ?? '')
    const hosts = JSON.parse(readFileSync(farm.report.hosts_file, 'utf8')) as Record<string, string[]>
    const url = `http://${hosts[witness.hostname]?.[0] ?? ''}:${witness.port}${witness.pathname}`
    expect((await fetch(url)).status).toBe(200)
    expect(await farm.order('/witness', { state: 'down' })).toBe(204)
    await expect(fetch(url)).rejects.toThrow('fetch failed')
    expect(await farm.order('/witness', { state: 'up' })).toBe(204)
    expect((await fetch(url)).status).toBe(200)
  })
})
