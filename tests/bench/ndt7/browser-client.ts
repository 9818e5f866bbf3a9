import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { chromium, type Browser } from 'playwright-core'
import { findChromium } from '../../setup/chromium.ts'
import { inNamespace } from './shaped-link.ts'
import type { Direction } from './programs.ts'

const WORKER = join(import.meta.dirname, '../../../web/src/speedtest/ndt7-worker.ts')

interface News {
  kind: 'progress' | 'done' | 'failed'
  amount?: { bytes: number; duration_ms: number }
}

/** The pages' own worker as one script. */
async function buildWorker(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, target: 'es2022', lib: { entry: WORKER, formats: ['iife'], name: 'worker' } },
  })
  const [output] = [built].flat()
  if (output === undefined || !('output' in output)) throw new Error('The worker was not built')
  return output.output[0].code
}

/** Chromium at the client's end of the link, with the code that our page measures by. */
export class BrowserClient {
  readonly #browser: Browser
  readonly #worker: string
  readonly #folder: string

  private constructor(browser: Browser, worker: string, folder: string) {
    this.#browser = browser
    this.#worker = worker
    this.#folder = folder
  }

  static async start(): Promise<BrowserClient> {
    const folder = mkdtempSync(join(tmpdir(), 'edumon-ndt7-'))
    const program = join(folder, 'chromium')
    writeFileSync(program, `#!/bin/sh\nexec ${inNamespace('client').join(' ')} ${findChromium()} "$@"\n`)
    chmodSync(program, 0o755)
    const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking']
    const browser = await chromium.launch({ executablePath: program, args })
    return new BrowserClient(browser, await buildWorker(), folder)
  }

  /** Speed of one direction, Mbit/s. */
  async measure(url: string, direction: Direction): Promise<number> {
    const page = await this.#browser.newPage()
    try {
      const order = { direction, url: `${url}/ndt/v7/${direction}?access_token=${crypto.randomUUID()}` }
      return await page.evaluate(
        ([code, { direction: asked, url: address }]) =>
          new Promise<number>((resolve, reject) => {
            const worker = new Worker(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })))
            worker.addEventListener('message', ({ data }: MessageEvent<News>) => {
              if (data.kind === 'failed') reject(new Error('not measured'))
              if (data.kind !== 'done' || data.amount === undefined) return
              resolve((data.amount.bytes * 8) / data.amount.duration_ms / 1000)
            })
            worker.postMessage({ direction: asked, url: address })
          }),
        [this.#worker, order] as const,
      )
    } finally {
      await page.close()
    }
  }

  async close(): Promise<void> {
    await this.#browser.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
