import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startIdentityProvider, TEST_CLIENT } from '../factories/identity-provider.ts'
import { findChromium } from './chromium.ts'
import { findPorts, startDemoProcess } from './demo-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a running demo, filled by real probes. */
    demoUrl: string
    /** Secret of a session of the ministry's analyst. */
    demoSession: string
  }
}

const SCHOOLS = 150
const FILL_TIMEOUT_MS = 240_000
/** Вольский муниципальный район. */
const OKTMO = '63611000'

/** Settings of a sign-in at the provider: whoever is in the group `volsk` there is a specialist of that municipality. */
function signInSettings(url: string, issuer: string, grants_file: string): Record<string, string> {
  const grant = { claim: 'groups', value: 'volsk', role: 'municipal_specialist', oktmo: OKTMO }
  writeFileSync(grants_file, JSON.stringify([grant]))
  return {
    EDUMON_PUBLIC_URL: url,
    EDUMON_LIST_AGE_MS: '0',
    EDUMON_OIDC_ISSUER: issuer,
    EDUMON_OIDC_CLIENT_ID: TEST_CLIENT.client_id,
    EDUMON_OIDC_CLIENT_SECRET: TEST_CLIENT.client_secret,
    EDUMON_OIDC_GRANTS_FILE: grants_file,
  }
}

/** Starts a small demo for the browser tests, with an identity provider that knows two people. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  findChromium()
  const [port = 0] = await findPorts(1)
  const url = `http://127.0.0.1:${port}`
  const provider = await startIdentityProvider(`${url}/api/v1/sign-in/openid-connect/callback`, 'localhost')
  provider.people.set('nina', { name: 'Нина Зорина', preferred_username: 'nina', groups: ['volsk'] })
  provider.people.set('stranger', { name: 'Чужой Человек', preferred_username: 'stranger', groups: [] })
  const folder = mkdtempSync(join(tmpdir(), 'edumon-claims-'))
  const settings = signInSettings(url, provider.issuer, join(folder, 'grants.json'))
  const closeProvider = async (): Promise<void> => {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const options = { schools: SCHOOLS, fill_timeout_ms: FILL_TIMEOUT_MS, settings, port }
  const demo = await startDemoProcess(options).catch(async (error: unknown) => {
    await closeProvider()
    throw error
  })
  project.provide('demoUrl', demo.url)
  project.provide('demoSession', demo.session)
  return async () => {
    await demo.stop()
    await closeProvider()
  }
}
