import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig, readDemoConfig } from '../../server/src/config.ts'
import { removePostgresPlace } from '../../server/src/db/embedded/postgres-place.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'edumon-reset-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('removing a data folder', () => {
  it('takes what our programs made and leaves what a person or the demo keeps there', () => {
    for (const name of ['postgres', 'collector', 'region', 'demo', 'letters']) mkdirSync(join(folder, name))
    for (const name of ['database-password', 'database-port', 'notes.txt']) writeFileSync(join(folder, name), 'x')
    removePostgresPlace(folder)
    expect(readdirSync(folder).sort()).toEqual(['demo', 'letters', 'notes.txt'])
  })

  it('leaves no folder behind that held nothing else', () => {
    const own = join(folder, 'data')
    mkdirSync(join(own, 'postgres'), { recursive: true })
    removePostgresPlace(own)
    expect(readdirSync(folder)).toEqual([])
  })

  it('never has the project itself as its folder: an empty setting is none', () => {
    expect(readConfig({ EDUMON_DATA_DIR: '' }).data_dir).toMatch(/\.data$/)
    expect(readDemoConfig({ EDUMON_DATA_DIR: '' }).config.data_dir).toMatch(/\.data\/demo$/)
  })
})
