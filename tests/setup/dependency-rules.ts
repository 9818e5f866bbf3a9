import parseExpression, { type Info } from 'spdx-expression-parse'

/**
 * Licences whose works an Apache-2.0 project may use and hand on. MPL-2.0 binds its own files only, and we change none;
 * OFL-1.1 is that of fonts.
 */
const ALLOWED_LICENCES: ReadonlySet<string> = new Set([
  ...['Apache-2.0', 'MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'Zlib'],
  ...['CC0-1.0', 'Unlicense', 'PostgreSQL', 'Python-2.0', 'Unicode-3.0', 'OFL-1.1', 'MPL-2.0'],
])

/** Tools that stay with the developer may also bring data that asks to be named. */
const ALLOWED_IN_TOOLS: ReadonlySet<string> = new Set([...ALLOWED_LICENCES, 'CC-BY-3.0', 'CC-BY-4.0'])

/** Packages that state no licence but bring its text, by name and version: what a person has read there. */
const READ_LICENCES: Readonly<Record<string, string>> = { 'png-js@1.1.0': 'MIT' }

/** Scripts that npm runs of a package that is installed. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'] as const

/** One entry of package-lock.json, version 3. */
export interface LockEntry {
  name?: string
  version?: string
  license?: string
  resolved?: string
  integrity?: string
  link?: boolean
  /** Only for development. */
  dev?: boolean
  hasInstallScript?: boolean
}

/** What an installed package says of itself. */
export interface InstalledPackage {
  license: unknown
  scripts: Record<string, string>
  has_binding_gyp: boolean
}

export interface Dependencies {
  /** Entries of the lock file by path. */
  packages: Record<string, LockEntry>
  /** Names whose install scripts were looked at and may run. */
  allowScripts: Record<string, boolean>
  /** The package at a path; null: not installed here, as for other platforms. */
  findInstalled: (path: string) => InstalledPackage | null
}

function isAllowed(licence: Info, allowed: ReadonlySet<string>): boolean {
  if ('license' in licence) return allowed.has(licence.license)
  const [left, right] = [isAllowed(licence.left, allowed), isAllowed(licence.right, allowed)]
  return licence.conjunction === 'or' ? left || right : left && right
}

function isAllowedText(text: string, allowed: ReadonlySet<string>): boolean {
  try {
    return isAllowed(parseExpression(text), allowed)
  } catch {
    return false
  }
}

/** The licence by the package itself, or by the lock file where it is not installed; older packages have an object. */
function licenceOf(entry: LockEntry, installed: InstalledPackage | null): string | null {
  const stated = installed?.license ?? entry.license
  if (typeof stated === 'string') return stated
  const isObject = typeof stated === 'object' && 'type' in stated
  return isObject && typeof stated.type === 'string' ? stated.type : null
}

function findScript(entry: LockEntry, installed: InstalledPackage | null): string | null {
  const script = INSTALL_SCRIPTS.find((name) => installed?.scripts[name] !== undefined)
  if (script !== undefined) return `${script} script`
  if (installed?.has_binding_gyp === true) return 'binding.gyp'
  return entry.hasInstallScript === true ? 'install script' : null
}

/** Why a package may not be used, one line each; none: it may. */
function judgePackage(path: string, entry: LockEntry, dependencies: Dependencies): string[] {
  const name = entry.name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
  const label = `${name}@${entry.version ?? '?'} (${path})`
  const installed = dependencies.findInstalled(path)
  const faults: string[] = []
  const licence = licenceOf(entry, installed) ?? READ_LICENCES[`${name}@${entry.version ?? '?'}`] ?? null
  if (licence === null) faults.push(`${label}: states no licence`)
  else if (!isAllowedText(licence, entry.dev === true ? ALLOWED_IN_TOOLS : ALLOWED_LICENCES))
    faults.push(`${label}: licence ${licence} does not fit Apache-2.0`)
  const script = findScript(entry, installed)
  if (script !== null && dependencies.allowScripts[name] !== true) {
    faults.push(`${label}: ${script} that allowScripts of package.json does not name`)
  }
  if (entry.integrity === undefined) faults.push(`${label}: no integrity in package-lock.json`)
  return faults
}

/**
 * Judges everything that npm would install: licence, scripts that run at installation, integrity in the lock file.
 * @returns one line for each fault with package, version and path; empty when all is well
 */
export function findDependencyFaults(dependencies: Dependencies): string[] {
  return Object.entries(dependencies.packages).flatMap(([path, entry]) => {
    // Our own workspaces and the links to them.
    if (!path.includes('node_modules/') || entry.link === true) return []
    return judgePackage(path, entry, dependencies)
  })
}
