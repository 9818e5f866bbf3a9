import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

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

/** Asks the running server. @throws with its own words when it refuses */
export async function callServer(url: string, init?: RequestInit): Promise<unknown> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

async function waitUntilValidated(url: string): Promise<ImportState> {
  const deadline = Date.now() + TIMEOUT_MS
  for (;;) {
    const current = (await callServer(url)) as ImportState
    if (current.state !== 'received' && current.state !== 'parsed') return current
    if (Date.now() > deadline) throw new Error(`${url} is still "${current.state}": does a sheet collector run?`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/**
 * Uploads a sheet to a running server, by the routes that every caller uses, and waits for its dry run. A file that
 * was uploaded before is recognised: this is that import then.
 * @throws when the file is rejected, with the server's reason
 */
export async function uploadFile(apiUrl: string, request: ImportRequest): Promise<ImportState> {
  const { file, kind, valid_on, territory_oktmo } = request
  const query = new URLSearchParams({ kind, file_name: basename(file), sender: 'command line', valid_on })
  if (territory_oktmo !== undefined) query.set('territory_oktmo', territory_oktmo)
  const received = (await callServer(`${apiUrl}/api/v1/imports?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(await readFile(file)),
  })) as ImportState
  const validated = await waitUntilValidated(`${apiUrl}/api/v1/imports/${received.import_id}`)
  if (validated.state === 'rejected') throw new Error(`${basename(file)} was rejected: ${validated.state_reason ?? ''}`)
  return validated
}

/** Applies an import whose dry run is over; one that is applied already stays as it is. */
export async function applyImport(apiUrl: string, validated: ImportState): Promise<ImportState> {
  if (validated.state !== 'validated') return validated
  return (await callServer(`${apiUrl}/api/v1/imports/${validated.import_id}/apply`, { method: 'POST' })) as ImportState
}

/** What becomes of units that an earlier file had and this one lacks; null ids: all that nobody has decided about. */
export interface MissingDecision {
  outcome: 'keep' | 'withdraw'
  org_unit_ids: number[] | null
  reason: string
}

/** Says what becomes of the missing units of a validated import. @throws with the server's words when it refuses */
export async function decideMissing(
  apiUrl: string,
  validated: ImportState,
  decision: MissingDecision,
): Promise<ImportState> {
  const url = `${apiUrl}/api/v1/imports/${validated.import_id}/missing/decisions`
  const headers = { 'content-type': 'application/json' }
  return (await callServer(url, { method: 'POST', headers, body: JSON.stringify(decision) })) as ImportState
}
