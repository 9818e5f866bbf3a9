import { describe, expect, it } from 'vitest'
import { findDependencyFaults, type InstalledPackage, type LockEntry } from '../setup/dependency-rules.ts'
import { readAudit } from '../setup/read-audit.ts'

const GOOD: LockEntry = { version: '1.0.0', license: 'MIT', resolved: 'https://r/a.tgz', integrity: 'sha512-x' }

function judge(entry: LockEntry, installed: Partial<InstalledPackage> | null = null): string[] {
  const found = installed === null ? null : { license: 'MIT', scripts: {}, has_binding_gyp: false, ...installed }
  return findDependencyFaults({
    packages: { '': {}, server: {}, 'node_modules/@edumon/server': { link: true }, 'node_modules/x': entry },
    allowScripts: { known: true },
    findInstalled: () => found,
  })
}

describe('a lock file', () => {
  it('is taken when licence, scripts and integrity are in order; workspaces need none', () => {
    expect(judge(GOOD)).toEqual([])
    expect(judge(GOOD, {})).toEqual([])
  })

  it.each([
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'SSPL-1.0',
    'UNLICENSED',
    'SEE LICENSE IN LICENSE',
    'MIT AND GPL-2.0-only',
  ])('is refused for the licence %s', (license) => {
    expect(judge({ ...GOOD, license })).toEqual([
      `x@1.0.0 (node_modules/x): licence ${license} does not fit Apache-2.0`,
    ])
  })

  it.each(['(MIT OR GPL-3.0-only)', 'MIT AND ISC', 'MPL-2.0'])('is taken for the licence %s', (license) => {
    expect(judge({ ...GOOD, license })).toEqual([])
  })

  it('may bring data that asks to be named, with a tool of development only', () => {
    expect(judge({ ...GOOD, license: 'CC-BY-3.0', dev: true })).toEqual([])
    expect(judge({ ...GOOD, license: 'CC-BY-3.0' })).toHaveLength(1)
    expect(judge({ ...GOOD, license: 'GPL-3.0-only', dev: true })).toHaveLength(1)
  })

  it('is refused for a package without a licence, and believes the package rather than itself', () => {
    const silent: LockEntry = { version: '1.0.0', integrity: 'sha512-x' }
    expect(judge(silent)).toEqual(['x@1.0.0 (node_modules/x): states no licence'])
    expect(judge(GOOD, { license: 'GPL-3.0-only' })).toHaveLength(1)
    expect(judge(silent, { license: { type: 'MIT' } })).toEqual([])
  })

  it.each([
    ['the lock file says so', { ...GOOD, hasInstallScript: true }, null, 'install script'],
    ['the package has one', GOOD, { scripts: { postinstall: 'node x' } }, 'postinstall script'],
    ['the package is built', GOOD, { has_binding_gyp: true }, 'binding.gyp'],
  ])('is refused for a new install script: %s', (_name, entry, installed, script) => {
    expect(judge(entry, installed)).toEqual([
      `x@1.0.0 (node_modules/x): ${script} that allowScripts of package.json does not name`,
    ])
    expect(judge({ ...entry, name: 'known' }, installed)).toEqual([])
  })

  it('is not refused for scripts that do not run at installation', () => {
    expect(judge(GOOD, { scripts: { test: 'x', prepare: 'x' } })).toEqual([])
  })

  it('is refused for an entry without integrity', () => {
    const open: LockEntry = { version: '1.0.0', license: 'MIT' }
    expect(judge(open)).toEqual(['x@1.0.0 (node_modules/x): no integrity in package-lock.json'])
  })
})

describe('readAudit', () => {
  it('tells none from some', () => {
    expect(readAudit('{"vulnerabilities":{}}', '')).toEqual({ code: 0, message: 'No advisories' })
    const one = { vulnerabilities: { a: { name: 'a', severity: 'high', range: '<2' } } }
    expect(readAudit(JSON.stringify(one), '')).toEqual({ code: 1, message: 'high: a <2' })
  })

  it.each([
    ['an error', '{"message":"404 Not Found"}'],
    ['nothing', ''],
    ['no JSON', '<html>'],
  ])('never takes a registry without advisories for a clean one: %s', (_name, stdout) => {
    expect(readAudit(stdout, 'npm error')).toMatchObject({
      code: 2,
      message: expect.stringContaining('no advisory service') as string,
    })
  })
})
