import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { BackupReader } from '../../../server/src/backup/backup-reader.ts'
import type { Pledge } from '../checks/pledge.ts'
import type { Disturbance } from '../disturbance.ts'
import type { Activity } from './browser.ts'
import { Flight } from './flight.ts'

const ROOT = join(import.meta.dirname, '../../..')
const BETWEEN_BACKUPS_MS = 500

interface BackupPlace {
  folder: string
  environment: NodeJS.ProcessEnv
  disturbance: Disturbance
  /** What has been acknowledged by now. */
  pledge: () => Omit<Pledge, 'backups'>
}

/** A backup that reported success, and what had been acknowledged before it began. */
export interface ReportedBackup {
  file: string
  pledge: Pledge
}

/** Backups one after the other, each by the command, in a process of its own. */
export class BackupActivity implements Activity {
  readonly flight = new Flight()
  /** Hashes of the backups that reported success, and of all that were whole, reported or not. */
  readonly reported: string[] = []
  readonly whole = new Set<string>()
  readonly refusals: string[] = []
  newest: ReportedBackup | null = null
  readonly #place: BackupPlace
  #child: ChildProcess | null = null
  #isStopping = false
  readonly #running: Promise<void>

  constructor(place: BackupPlace) {
    this.#place = place
    this.#running = this.#run()
  }

  get acknowledged(): number {
    return this.reported.length
  }

  async #run(): Promise<void> {
    for (let no = 1; !this.#isStopping; no += 1) {
      await this.#backUp(join(this.#place.folder, `backup-${no}.edumon`))
      await delay(BETWEEN_BACKUPS_MS)
    }
  }

  async #backUp(file: string): Promise<void> {
    const pledge = { ...this.#place.pledge(), backups: [...this.reported] }
    const isDisturbed = this.#place.disturbance.watch()
    const child = spawn(process.execPath, ['server/src/cli.ts', 'backup', file], {
      cwd: ROOT,
      env: this.#place.environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    let complaint = ''
    child.stderr.on('data', (text: Buffer) => (complaint += text.toString()))
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    await this.#waitForFile(child, file)
    const code = await this.flight.track(() => ended)
    this.#child = null
    if (code !== 0 && !isDisturbed()) this.refusals.push(`a backup failed undisturbed: ${complaint}`)
    const sha256 = await this.#examine(file)
    this.#clearPartial(code)
    if (code !== 0) rmSync(file, { force: true })
    else if (sha256 === null) this.refusals.push(`${file} was reported and is not there`)
    else {
      this.reported.push(sha256)
      if (this.newest !== null) rmSync(this.newest.file)
      this.newest = { file, pledge }
    }
  }

  /** Waits until there is something that a kill could leave half done: starting the program takes longer than its work. */
  async #waitForFile(child: ChildProcess, file: string): Promise<void> {
    const isBegun = (): boolean => readdirSync(this.#place.folder).some((name) => name.startsWith(basename(file)))
    while (child.exitCode === null && child.signalCode === null && !isBegun()) await delay(2)
  }

  /** Reads the whole file, if there is one under the final name. @returns its hash; null when there is none */
  async #examine(file: string): Promise<string | null> {
    if (!existsSync(file)) return null
    try {
      const reader = await BackupReader.open(file)
      await reader.requireSound().finally(() => reader.close())
      this.whole.add(reader.sha256)
      return reader.sha256
    } catch (error) {
      this.refusals.push(`a file looks like a backup and is none: ${String(error)}`)
      return null
    }
  }

  /** What was begun may lie about after a kill alone: whoever fails by himself takes it away. */
  #clearPartial(code: number | null): void {
    const { folder } = this.#place
    for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.partial'))) {
      rmSync(join(folder, name))
      if (code !== null) this.refusals.push(`${name} was left by a backup that ended by itself`)
    }
  }

  /** Ends the backup that is under way, if there is one, without warning. */
  kill(): void {
    this.#child?.kill('SIGKILL')
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#running
  }
}
