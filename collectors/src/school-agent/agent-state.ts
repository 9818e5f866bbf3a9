import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { AgentPlan, PingHour, SpeedTest } from '@edumon/server/contract'
import { writeWhole } from '../core/spool.ts'

/** What the agent has to know again after a restart, beside the queue. */
export interface AgentState {
  agent_id: string
  /** The last plan that the server gave; null: none yet. */
  plan: AgentPlan | null
  /** Planned times whose test was begun, newest last. */
  begun: string[]
  /** A low result that is to be confirmed. */
  retest: { of: string; at: string } | null
  /** Pings of the hour that runs. The id is made with the hour, so that a crash between two files sends one row twice, not two. */
  hour: PingHour | null
  last_result: SpeedTest | null
  last_sent_at: string | null
  /** Rows that were deleted because the queue was full or they had become too old. */
  dropped: number
  /** Rows that the server did not take. */
  set_aside: number
}

const FILE = 'state.json'
const BEGUN_KEPT = 200

function fresh(): AgentState {
  return {
    agent_id: randomUUID(),
    plan: null,
    begun: [],
    retest: null,
    hour: null,
    last_result: null,
    last_sent_at: null,
    dropped: 0,
    set_aside: 0,
  }
}

/** Keeps the state in one file that is replaced whole. */
export class StateFile {
  readonly #folder: string
  readonly state: AgentState

  private constructor(folder: string, state: AgentState) {
    this.#folder = folder
    this.state = state
  }

  /**
   * Reads the state of an earlier process. A file that cannot be read is put beside: the agent then has a new id, and
   * nothing of the queue is lost.
   */
  static async open(folder: string): Promise<StateFile> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const path = join(folder, FILE)
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
      return StateFile.#begin(folder)
    }
    try {
      return new StateFile(folder, { ...fresh(), ...(JSON.parse(text) as Partial<AgentState>) })
    } catch {
      await rename(path, `${path}.damaged`)
      return StateFile.#begin(folder)
    }
  }

  static async #begin(folder: string): Promise<StateFile> {
    const file = new StateFile(folder, fresh())
    await file.save()
    return file
  }

  /** Resolves when the state is on the disk for good; rejects when the disk does not take it. */
  async save(): Promise<void> {
    this.state.begun = this.state.begun.slice(-BEGUN_KEPT)
    await writeWhole(this.#folder, FILE, JSON.stringify(this.state))
  }
}
