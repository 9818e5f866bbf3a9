import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runOfficialClient, type OfficialResult } from '../../factories/official-client.ts'
import { TestMeasurementServer } from '../../factories/measurement-server.ts'
import { launchChromium } from '../../setup/chromium.ts'

const require = createRequire(import.meta.url)
let server: TestMeasurementServer

beforeAll(async () => {
  // Of full length: what is true of a shortened test may not be of a real one.
  server = await TestMeasurementServer.start()
})
afterAll(() => server.close())

describe('the official client in Node', () => {
  it('completes both directions, and both sides count the same bytes', { timeout: 60_000 }, async () => {
    const { ticket_id, access_token } = await server.ticket()
    const result = await runOfficialClient(`127.0.0.1:${server.port}`, access_token)
    expect(result.errors).toEqual([])
    expect(result.code).toBe(0)
    const record = await server.record(ticket_id)
    expect(record).toMatchObject({
      client_address: '127.0.0.1',
      download: { end: 'complete' },
      upload: { end: 'complete' },
    })
    const { download, upload } = record
    expect(download?.duration_ms).toBeGreaterThanOrEqual(10_000)
    expect(download?.duration_ms).toBeLessThan(13_000)
    expect(result.download?.server?.ConnectionInfo.UUID).toBe(ticket_id)
    // The client's last measurement is up to a quarter of a second older than the end.
    expect((result.download?.client?.NumBytes ?? 0) / (download?.bytes ?? 1)).toBeGreaterThan(0.9)
    expect((result.upload?.client?.NumBytes ?? 0) / (upload?.bytes ?? 1)).toBeGreaterThan(0.9)
    expect(result.upload?.server?.AppInfo.NumBytes).toBeGreaterThan(1_000_000)
  })
})

/** Serves the client's own files and an empty page. */
async function serveClient(): Promise<{ origin: string; close: () => void }> {
  const files = ['ndt7.js', 'ndt7-download-worker.js', 'ndt7-upload-worker.js']
  const pages = createServer((request, response) => {
    const name = files.find((file) => file === basename(request.url ?? ''))
    response.setHeader('content-type', name === undefined ? 'text/html' : 'text/javascript')
    response.end(
      name === undefined
        ? '<!doctype html><title>ndt7</title><script src="/ndt7.js"></script>'
        : readFileSync(require.resolve(`@m-lab/ndt7/src/${name}`)),
    )
  })
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve))
  return { origin: `http://127.0.0.1:${(pages.address() as AddressInfo).port}`, close: () => pages.close() }
}

describe('the official client in Chromium', () => {
  it('completes both directions', { timeout: 90_000 }, async () => {
    const { ticket_id, access_token } = await server.ticket()
    const pages = await serveClient()
    const browser = await launchChromium()
    try {
      const page = await browser.newPage()
      await page.goto(pages.origin)
      const result = await page.evaluate(
        async ([host, token]): Promise<Pick<OfficialResult, 'code' | 'errors'>> => {
          const errors: string[] = []
          const { ndt7 } = globalThis as unknown as {
            ndt7: { test: (config: object, calls: object) => Promise<number> }
          }
          const config = {
            protocol: 'ws',
            server: host,
            metadata: { access_token: token },
            mlabDataPolicyInapplicable: true,
          }
          return { code: await ndt7.test(config, { error: (message: string) => errors.push(message) }), errors }
        },
        [`127.0.0.1:${server.port}`, access_token],
      )
      expect(result).toEqual({ code: 0, errors: [] })
      const { download, upload } = await server.record(ticket_id)
      for (const seen of [download, upload]) {
        expect(seen?.end).toBe('complete')
        expect(seen?.bytes).toBeGreaterThan(1_000_000)
      }
    } finally {
      await browser.close()
      pages.close()
    }
  })
})
