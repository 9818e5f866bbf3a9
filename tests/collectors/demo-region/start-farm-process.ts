import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { FarmReport } from '../../../collectors/src/demo-region/farm/farm.ts'
import type { SiteTruth } from '../../../collectors/src/demo-region/farm/farm-files.ts'

const MAIN = fileURLToPath(new URL('../../../collectors/src/demo-region/main.ts', import.meta.url))

export interface FarmProcess {
  report: FarmReport
  truth: SiteTruth[]
  /** From starting the process to its ready line. */
  start_ms: number
  /** Sends an order to the control endpoint and returns the status. */
  order: (path: string, body: unknown) => Promise<number>
  /** Asks it to end and returns its exit code. */
  stop: () => Promise<number | null>
}

/** The farm in its own process, on free ports, without outages by timetable. Rejects with what it printed if it fails. */
export async function startFarmProcess(data: string, schools: number): Promise<FarmProcess> {
  const options = ['farm', '--data', data, '--seed', '1', '--schools', String(schools), '--as-of', '2026-11-21']
  const started = performance.now()
  const child = spawn(process.execPath, [MAIN, ...options, '--http-port', '0', '--https-port', '0', '--quiet'])
  const problems: string[] = []
  child.stderr.on('data', (chunk: Buffer) => problems.push(chunk.toString('utf8')))
  const exit = once(child, 'exit') as Promise<[number | null]>
  const failed = exit.then(() => Promise.reject(new Error(`the farm ended early: ${problems.join('')}`)))
  failed.catch(() => undefined)
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), failed])) as [string]
  const start_ms = performance.now() - started
  const report = JSON.parse(line) as FarmReport
  return {
    report,
    truth: JSON.parse(readFileSync(report.sites_file, 'utf8')) as SiteTruth[],
    start_ms,
    order: async (path, body) => {
      const headers = { authorization: `Bearer ${report.control_token}` }
      const answer = await fetch(report.control_url + path, { method: 'POST', headers, body: JSON.stringify(body) })
      return answer.status
    },
    stop: async () => {
      child.kill('SIGTERM')
      const [code] = await exit
      return code
    },
  }
}
