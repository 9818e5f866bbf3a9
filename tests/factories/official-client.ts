import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'

const require = createRequire(import.meta.url)

interface ClientMeasurement {
  ElapsedTime: number
  NumBytes: number
  MeanClientMbps: number
}

interface ServerMeasurement {
  AppInfo: { ElapsedTime: number; NumBytes: number }
  ConnectionInfo: { UUID: string }
  Test: string
}

type Complete = (last: { LastClientMeasurement?: ClientMeasurement; LastServerMeasurement?: ServerMeasurement }) => void

interface Ndt7 {
  test: (config: object, callbacks: Record<string, unknown>) => Promise<number>
}

/** What the official client says of one direction. */
export interface OfficialDirection {
  /** When it began, milliseconds of performance.now(). */
  started_ms: number
  client: ClientMeasurement | null
  server: ServerMeasurement | null
}

/** Result of the official client; `code` is 0 when both directions were completed. */
export interface OfficialResult {
  code: number
  errors: string[]
  download: OfficialDirection | null
  upload: OfficialDirection | null
}

/**
 * A browser's Worker for the official client: its files run unchanged in a thread of Node that has a browser's names.
 * Node's own WebSocket takes no certificate of a test, so it is the one of `ws`, which speaks as a browser does.
 */
const WORKER_BODY = `
  const { parentPort, workerData } = require('node:worker_threads')
  globalThis.self = globalThis
  globalThis.WebSocket = require(workerData.ws).WebSocket
  globalThis.postMessage = (data) => parentPort.postMessage(data)
  require('node:vm').runInThisContext(require('node:fs').readFileSync(workerData.file, 'utf8'))
  parentPort.on('message', (data) => self.onmessage({ data }))
`

class BrowserWorker {
  onmessage: ((event: { data: unknown }) => void) | null = null
  readonly #thread: Worker

  constructor(file: string) {
    this.#thread = new Worker(WORKER_BODY, { eval: true, workerData: { file, ws: require.resolve('ws') } })
    this.#thread.on('message', (data) => this.onmessage?.({ data }))
  }

  postMessage(data: unknown): void {
    this.#thread.postMessage(data)
  }

  terminate(): void {
    void this.#thread.terminate()
  }
}

/**
 * Runs M-Lab's own client, @m-lab/ndt7, in Node: a download and then an upload.
 * @param server host and port
 */
export async function runOfficialClient(server: string, access_token: string): Promise<OfficialResult> {
  Object.assign(globalThis, { Worker: BrowserWorker })
  const ndt7 = require('@m-lab/ndt7') as Ndt7
  const result: OfficialResult = { code: -1, errors: [], download: null, upload: null }
  const started_ms = { download: 0, upload: 0 }
  const start = (direction: 'download' | 'upload') => (): void => {
    started_ms[direction] = performance.now()
  }
  const complete =
    (direction: 'download' | 'upload'): Complete =>
    ({ LastClientMeasurement, LastServerMeasurement }) => {
      const last = { client: LastClientMeasurement ?? null, server: LastServerMeasurement ?? null }
      result[direction] = { started_ms: started_ms[direction], ...last }
    }
  const config = {
    ...{ protocol: 'ws', server, metadata: { access_token }, mlabDataPolicyInapplicable: true },
    downloadworkerfile: require.resolve('@m-lab/ndt7/src/ndt7-download-worker.js'),
    uploadworkerfile: require.resolve('@m-lab/ndt7/src/ndt7-upload-worker.js'),
  }
  result.code = await ndt7.test(config, {
    error: (message: string) => result.errors.push(message),
    downloadStart: start('download'),
    uploadStart: start('upload'),
    downloadComplete: complete('download'),
    uploadComplete: complete('upload'),
  })
  return result
}
