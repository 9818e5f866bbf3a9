import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { describeAbsentSamples, findSample } from '../setup/sample-data.ts'

const folder = mkdtempSync(join(tmpdir(), 'edumon-samples-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('describeAbsentSamples', () => {
  it('names in one line what is not there, and only that', () => {
    mkdirSync(join(folder, 'sites'), { recursive: true })
    writeFileSync(join(folder, 'saratov_city_school_buildings.csv'), '')
    expect(findSample('sites', folder)).toBe(join(folder, 'sites'))
    expect(findSample('recommendations', folder)).toBeNull()
    const line = describeAbsentSamples(folder)
    expect(line).toContain('legal/metodicheskie-rekomendaczii-2025-v9.pdf')
    expect(line).not.toContain('saratov_city_school_buildings.csv')
    expect(line?.split('\n')).toHaveLength(1)
  })

  it('says where to name the folder when there is none', () => {
    expect(describeAbsentSamples(null)).toContain('EDUMON_SAMPLE_DATA')
  })
})
