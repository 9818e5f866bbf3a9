import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig, readDemoConfig } from '../../server/src/config.ts'

describe('readConfig', () => {
  it.each([
    ['EDUMON_PORT', 'eighty', 'a whole number from 0 to 65535'],
    ['EDUMON_PORT', '70000', 'a whole number from 0 to 65535'],
    ['EDUMON_PORT', '80.5', 'a whole number from 0 to 65535'],
    ['EDUMON_HOST', 'everywhere', 'an IP address or localhost'],
    ['EDUMON_PUBLIC_URL', 'https://monitoring.example/pages', 'without a path'],
    ['EDUMON_TOKEN', 'secret', 'a token that begins with edu_'],
    ['DATABASE_URL', 'mysql://x', 'postgres://user:password@host:port/database'],
    ['EDUMON_TIME_ZONE', 'Europe/Atlantis', 'an IANA zone'],
    ['EDUMON_TIME_ZONE', '+03:00', 'an IANA zone'],
    ['EDUMON_VANTAGES', 'Саратов', 'names in lower-case Latin letters'],
    ['EDUMON_LOG_LEVEL', 'loud', 'fatal, error, warn'],
    ['EDUMON_SAMPLE_DATA', '/nowhere/at/all', 'an existing folder'],
    ['EDUMON_TRUSTED_PROXIES', '10.0.0.0/33', 'IP addresses or ranges'],
    ['EDUMON_TRUSTED_PROXIES', 'proxy', 'IP addresses or ranges'],
    ['EDUMON_HSTS_DAYS', '-1', 'a whole number from 0 to 3650'],
    ['DATABASE_URL_FILE', '/nowhere/url', 'a file that can be read'],
    ['EDUMON_RETRY_DELAY_S', '0', 'a whole number from 1 to 3600'],
  ])('refuses %s=%s and says what is expected', (name, value, expected) => {
    expect(() => readConfig({ [name]: value })).toThrow(expected)
    expect(() => readConfig({ [name]: value })).toThrow(name)
  })

  it('hides the password of a bad database address', () => {
    expect(() => readConfig({ DATABASE_URL: 'mysql://me:secret@host/db' })).toThrow(/^(?!.*secret)/)
  })

  it('marks a schedule as shortened only when it differs', () => {
    expect(readConfig({}).schedule.is_shortened).toBe(false)
    expect(readConfig({ EDUMON_SITE_INTERVAL_S: '900' }).schedule.is_shortened).toBe(false)
    expect(readConfig({ EDUMON_SITE_INTERVAL_S: '60' }).schedule.is_shortened).toBe(true)
  })
})

describe('secrets by file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edumon-secrets-'))
  const file = join(folder, 'password')
  writeFileSync(file, 'p@ss/word\n')
  afterAll(() => rmSync(folder, { recursive: true }))

  it('puts the password of a file into the address of the database', () => {
    const { database_url } = readConfig({
      DATABASE_URL: 'postgres://edumon_app@postgres:5432/edumon',
      EDUMON_DATABASE_PASSWORD_FILE: file,
    })
    expect(database_url).toBe('postgres://edumon_app:p%40ss%2Fword@postgres:5432/edumon')
  })

  it('reads a whole address from a file', () => {
    const address = join(folder, 'address')
    writeFileSync(address, 'postgres://a:b@c/d\n')
    expect(readConfig({ DATABASE_URL_FILE: address }).database_url).toBe('postgres://a:b@c/d')
  })

  it('refuses a secret that is given twice, without showing it', () => {
    const twice = { DATABASE_URL: 'postgres://me:swordfish@host/db', EDUMON_DATABASE_PASSWORD_FILE: file }
    expect(() => readConfig(twice)).toThrow(/^EDUMON_DATABASE_PASSWORD: (?!.*(swordfish|p@ss))/)
    const both = { EDUMON_TOKEN: 'edu_swordfish', EDUMON_TOKEN_FILE: file }
    expect(() => readConfig(both)).toThrow(/^EDUMON_TOKEN_FILE: (?!.*(swordfish|p@ss))/)
  })
})

describe('readDemoConfig', () => {
  it('lets the environment win over the settings of the demo', () => {
    const { config, settings } = readDemoConfig({ EDUMON_SITE_INTERVAL_S: '120' })
    expect(config.schedule.school_hours_interval_s).toBe(120)
    expect(settings['EDUMON_SITE_INTERVAL_S']).toBe('120')
    expect(config.vantages).toEqual(['saratov', 'moscow'])
  })
})
