import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LOCK_FILE = 'program.pid'
const PROGRAM = 'cli.ts'

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** Whether the process that wrote the file is still one of ours: after a crash its number may be anybody's. */
function isHeld(text: string): boolean {
  const pid = Number(text)
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const commandLine = existsSync('/proc/self/cmdline') ? readText(`/proc/${pid}/cmdline`) : PROGRAM
  return commandLine?.includes(PROGRAM) ?? false
}

/** Takes away what a crash has left; a lock that somebody else took meanwhile is put back. */
function dropLeftover(file: string, leftover: string): void {
  const aside = `${file}.${process.pid}`
  try {
    renameSync(file, aside)
    if (readText(aside) !== leftover) linkSync(aside, file)
  } catch {
    // Somebody else was quicker: the next look decides.
  }
  rmSync(aside, { force: true })
}

/** Number of another running program of ours that works on the data folder; null when there is none. */
export function findDataFolderHolder(dataDir: string): string | null {
  const text = readText(join(dataDir, LOCK_FILE))
  return text === null || text === `${process.pid}` || !isHeld(text) ? null : text
}

/** @throws when another running program of ours works on the data folder */
export function requireFreeDataFolder(dataDir: string): void {
  const holder = findDataFolderHolder(dataDir)
  if (holder === null) return
  throw new Error(`${dataDir} is in use by process ${holder}: end it first, or set EDUMON_DATA_DIR to another folder`)
}

/**
 * Keeps a data folder for this process until it ends: two programs would share one queue of measurements, and the
 * first to end would stop the database of the other.
 * @throws when another running program of ours works on the data folder
 */
export function lockDataFolder(dataDir: string): void {
  const file = join(dataDir, LOCK_FILE)
  mkdirSync(dataDir, { recursive: true })
  for (;;) {
    requireFreeDataFolder(dataDir)
    try {
      writeFileSync(file, `${process.pid}`, { flag: 'wx' })
      break
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const leftover = readText(file)
      if (leftover !== null && leftover !== '' && !isHeld(leftover)) dropLeftover(file, leftover)
    }
  }
  process.once('exit', () => {
    if (readText(file) === `${process.pid}`) rmSync(file, { force: true })
  })
}
