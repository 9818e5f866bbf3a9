import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const PORT_LINE = 3
const STATUS_LINE = 7
const POLL_MS = 100

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

interface PidFile {
  pid: number
  port: number
  is_ready: boolean
}

function readPidFile(file: string): PidFile {
  const lines = readFileSync(file, 'utf8').split('\n')
  return { pid: Number(lines[0]), port: Number(lines[PORT_LINE]), is_ready: lines[STATUS_LINE]?.trim() === 'ready' }
}

/** Whether a server process of this cluster lives, ready or not. */
export function isPostgresAlive(cluster: string): boolean {
  const file = join(cluster, 'postmaster.pid')
  if (!existsSync(file)) return false
  const { pid } = readPidFile(file)
  return isAlive(pid) && isPostgresOf(pid, cluster)
}

/**
 * Port of a server that is already running on the cluster, for instance one whose parent was killed; one that is
 * starting or stopping is waited for. A pid file that was left by a crash, or whose number belongs to another
 * program now, is removed.
 * @returns null when no server runs
 * @throws when the server is neither ready nor gone within the time
 */
export async function findRunningPostgres(cluster: string, timeoutMs: number): Promise<number | null> {
  const file = join(cluster, 'postmaster.pid')
  const deadline = Date.now() + timeoutMs
  while (existsSync(file)) {
    const { pid, port, is_ready } = readPidFile(file)
    if (!Number.isInteger(pid) || pid <= 0 || !isAlive(pid) || !isPostgresOf(pid, cluster)) {
      rmSync(file, { force: true })
      return null
    }
    if (is_ready && port > 0) return port
    if (Date.now() > deadline) throw new Error(`The embedded PostgreSQL (process ${pid}) does not become ready`)
    await setTimeout(POLL_MS)
  }
  return null
}
