import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const PORT_LINE = 3
const STATUS_LINE = 7

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Whether a process is a postgres of this very cluster: after a reboot its number may be anybody's. */
function isPostgresOf(pid: number, cluster: string): boolean {
  const commandLine = `/proc/${pid}/cmdline`
  if (!existsSync('/proc/self/cmdline')) return true
  if (!existsSync(commandLine)) return false
  const words = readFileSync(commandLine, 'utf8').split('\0')
  return (words[0] ?? '').includes('postgres') && words.includes(cluster)
}

/**
 * Port of a server that is already running on the cluster, for instance one whose parent was killed.
 * A pid file that was left by a crash, or whose number belongs to another program now, is removed.
 * @returns null when no server runs
 */
export function findRunningPostgres(cluster: string): number | null {
  const file = join(cluster, 'postmaster.pid')
  if (!existsSync(file)) return null
  const lines = readFileSync(file, 'utf8').split('\n')
  const pid = Number(lines[0])
  if (Number.isInteger(pid) && pid > 0 && isAlive(pid) && isPostgresOf(pid, cluster)) {
    const port = Number(lines[PORT_LINE])
    if (lines[STATUS_LINE]?.trim() === 'ready' && port > 0) return port
    throw new Error(`The embedded PostgreSQL (process ${pid}) is starting or stopping: try again in a moment`)
  }
  rmSync(file)
  return null
}
