import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findDependencyFaults, type Dependencies, type InstalledPackage } from './dependency-rules.ts'

const ROOT = join(import.meta.dirname, '../..')

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
}

function findInstalled(path: string): InstalledPackage | null {
  if (!existsSync(join(ROOT, path, 'package.json'))) return null
  const { license, scripts = {} } = readJson(`${path}/package.json`) as Partial<InstalledPackage>
  return { license, scripts, has_binding_gyp: existsSync(join(ROOT, path, 'binding.gyp')) }
}

const { packages } = readJson('package-lock.json') as Pick<Dependencies, 'packages'>
const { allowScripts } = readJson('package.json') as Pick<Dependencies, 'allowScripts'>
const faults = findDependencyFaults({ packages, allowScripts, findInstalled })
for (const fault of faults) console.error(fault)
process.exitCode = faults.length === 0 ? 0 : 1
