import type { TestProject } from 'vitest/node'
import { findChromium } from './chromium.ts'
import { startDemoProcess } from './demo-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a running demo, filled by real probes. */
    demoUrl: string
    /** Secret of a session of the ministry's analyst. */
    demoSession: string
  }
}

const SCHOOLS = 150
const FILL_TIMEOUT_MS = 180_000

/** Starts a small demo for the browser tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  findChromium()
  const demo = await startDemoProcess({ schools: SCHOOLS, fill_timeout_ms: FILL_TIMEOUT_MS })
  project.provide('demoUrl', demo.url)
  project.provide('demoSession', demo.session)
  return demo.stop
}
