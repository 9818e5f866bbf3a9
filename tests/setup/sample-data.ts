import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../server/src/config.ts'

/** Real inputs that some tests read besides the made ones, below the folder of EDUMON_SAMPLE_DATA. */
const SAMPLES = {
  buildings: 'saratov_city_school_buildings.csv',
  recommendations: 'legal/metodicheskie-rekomendaczii-2025-v9.pdf',
  sites: 'sites',
} as const

/** Path of a real input; null where this machine does not have it. */
export function findSample(name: keyof typeof SAMPLES, folder = readConfig(process.env).sample_data): string | null {
  const path = folder === null ? null : join(folder, SAMPLES[name])
  return path !== null && existsSync(path) ? path : null
}

/** One line that says which real inputs are absent, so that nobody takes their tests for run; null: all are there. */
export function describeAbsentSamples(folder = readConfig(process.env).sample_data): string | null {
  const absent = (Object.keys(SAMPLES) as (keyof typeof SAMPLES)[]).filter((name) => findSample(name, folder) === null)
  if (absent.length === 0) return null
  const where = folder ?? 'EDUMON_SAMPLE_DATA is not set'
  const files = absent.map((name) => SAMPLES[name]).join(', ')
  return `Real sample data are absent (${where}): ${files}. Tests on them are skipped; the made inputs are tested.`
}

/** Says it once at the start of a run. */
export default function setup(): void {
  const line = describeAbsentSamples()
  if (line !== null) process.stdout.write(`${line}\n`)
}
