import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { issueOwnToken } from '../access/own-programs.ts'
import { findRegionId } from '../access/users.ts'
import type { Config } from '../config.ts'
import { dayInZone } from '../domain/region-day.ts'
import { withInstallation } from './reach-database.ts'

const POLL_MS = 500
const TIMEOUT_MS = 120_000

/** What a command wants of an uploaded sheet. */
export interface ImportRequest {
  file: string
  kind: string
  /** The day that the sheet speaks of. */
  valid_on: string
  /** ОКТМО of the territory that the sheet is about, when it has no such column. */
  territory_oktmo?: string | undefined
}

/** An import as the API tells it. */
export interface ImportState {
  import_id: number
  state: string
  state_reason: string | null
  counts: Record<string, number>
}

/** The running server, and the token to speak with. */
export interface Server {
  url: string
  token: string
}

/**
 * Whoever can reach the database of the installation may upload without a token of his own: one is issued for this
 * command, and the last one's is revoked.
 */
export function issueUploadToken(config: Config): Promise<string> {
  const today = dayInZone(new Date(), config.time_zone)
  return withInstallation(config, async (db) => {
    const jurisdiction = { org_unit_id: await findRegionId(db), founder_kinds: null }
    return issueOwnToken(db, { kind: 'upload', label: 'command line', collector: null, jurisdiction }, today)
  })
}

/** What is asked of the server: a text goes as JSON, bytes as a file. */
interface Command {
  method: 'GET' | 'POST'
  body?: string | Uint8Array<ArrayBuffer>
}

/** Asks the running server; `path` begins behind /api/v1/. @throws with its own words when it refuses */
export async function callServer(server: Server, path: string, command: Command = { method: 'GET' }): Promise<unknown> {
  const url = `${server.url}/api/v1/${path}`
  const headers = new Headers({ authorization: `Bearer ${server.token}` })
  if (command.body !== undefined) {
    headers.set('content-type', typeof command.body === 'string' ? 'application/json' : 'application/octet-stream')
  }
  const answer = await fetch(url, { ...command, headers })
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

async function waitUntilValidated(server: Server, path: string): Promise<ImportState> {
  const deadline = Date.now() + TIMEOUT_MS
  for (;;) {
    const current = (await callServer(server, path)) as ImportState
    if (current.state !== 'received' && current.state !== 'parsed') return current
    if (Date.now() > deadline) throw new Error(`${path} is still "${current.state}": does a sheet collector run?`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/**
 * Uploads a sheet to a running server, by the routes that every caller uses, and waits for its dry run. A file that
 * was uploaded before is recognised: this is that import then.
 * @throws when the file is rejected, with the server's reason
 */
export async function uploadFile(server: Server, request: ImportRequest): Promise<ImportState> {
  const { file, kind, valid_on, territory_oktmo } = request
  const query = new URLSearchParams({ kind, file_name: basename(file), sender: 'command line', valid_on })
  if (territory_oktmo !== undefined) query.set('territory_oktmo', territory_oktmo)
  const received = (await callServer(server, `imports?${query.toString()}`, {
    method: 'POST',
    body: new Uint8Array(await readFile(file)),
  })) as ImportState
  const validated = await waitUntilValidated(server, `imports/${received.import_id}`)
  if (validated.state === 'rejected') throw new Error(`${basename(file)} was rejected: ${validated.state_reason ?? ''}`)
  return validated
}

/** Applies an import whose dry run is over; one that is applied already stays as it is. */
export async function applyImport(server: Server, validated: ImportState): Promise<ImportState> {
  if (validated.state !== 'validated') return validated
  return (await callServer(server, `imports/${validated.import_id}/apply`, { method: 'POST' })) as ImportState
}

/** What becomes of units that an earlier file had and this one lacks; null ids: all that nobody has decided about. */
export interface MissingDecision {
  outcome: 'keep' | 'withdraw'
  org_unit_ids: number[] | null
  reason: string
}

/** Says what becomes of the missing units of a validated import. @throws with the server's words when it refuses */
export async function decideMissing(
  server: Server,
  validated: ImportState,
  decision: MissingDecision,
): Promise<ImportState> {
  const path = `imports/${validated.import_id}/missing/decisions`
  return (await callServer(server, path, { method: 'POST', body: JSON.stringify(decision) })) as ImportState
}
