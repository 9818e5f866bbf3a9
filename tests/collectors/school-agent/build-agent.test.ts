import { execFileSync, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import packageFile from '../../../collectors/package.json' with { type: 'json' }
import { startSmallNdt7, type SmallNdt7 } from '../speedtest/ndt7-server.ts'
import { killAgent, startAgent, writeAgentConfig } from './agent-process.ts'
import { makePlan, SchoolServer } from './school-server.ts'

const BUILD = new URL('../../../collectors/scripts/build-agent.ts', import.meta.url).pathname
const WAIT = { timeout: 60_000, interval: 100 }

describe('the built agent', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edumon-build-'))
  const server = new SchoolServer()
  let ndt7: SmallNdt7
  let agent: ChildProcess | null = null
  const file = (ending: string): string =>
    join(folder, readdirSync(folder).find((name) => name.endsWith(ending)) ?? ending)

  beforeAll(async () => {
    execFileSync(process.execPath, [BUILD, '--out', folder], { stdio: ['ignore', 'ignore', 'inherit'] })
    await server.start()
    ndt7 = await startSmallNdt7({ test_ms: 10_000 })
    server.measurement_url = ndt7.url
  }, 240_000)
  afterAll(async () => {
    if (agent !== null) await killAgent(agent, 'SIGKILL')
    ndt7.close()
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  it('is one file that says its version', () => {
    const said = execFileSync(process.execPath, [file('.cjs'), 'version'], { cwd: folder, encoding: 'utf8' })
    expect(said).toBe(`${packageFile.version}\n`)
  })

  it.runIf(process.platform === 'linux')(
    'is a single executable that tests a whole line and hands the test in',
    async () => {
      server.plan = makePlan([new Date(Date.now() - 1_000).toISOString()])
      const executable = file(`linux-${process.arch}`)
      agent = startAgent(writeAgentConfig(folder, server.url, join(folder, 'data')), [executable])
      await vi.waitUntil(() => server.tests.length > 0, WAIT)
      await killAgent(agent, 'SIGTERM')
      const [test] = server.tests
      expect(test).toMatchObject({ cause: null, agent_version: packageFile.version, ticket_id: server.tickets[0] })
      expect(test?.download?.duration_ms).toBeGreaterThan(9_000)
      expect(test?.upload?.kbps).toBeGreaterThan(1_000)
      expect(test?.context).toMatchObject({ address_family: 'ipv4', through_proxy: false })
    },
    120_000,
  )
})
