import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'

const POLL_MS = 500
const TIMEOUT_MS = 120_000

interface ImportState {
  import_id: number
  state: string
  state_reason: string | null
}

async function call(url: string, init?: RequestInit): Promise<ImportState> {
  const answer = await fetch(url, init)
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as ImportState
}

async function waitUntilValidated(url: string): Promise<ImportState> {
  const deadline = Date.now() + TIMEOUT_MS
  for (;;) {
    const current = await call(url)
    if (current.state !== 'received' && current.state !== 'parsed') return current
    if (Date.now() > deadline) throw new Error(`${url} is still "${current.state}": does a sheet collector run?`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/**
 * Uploads a sheet to a running server and applies it, by the routes that every caller uses.
 * @throws when the file is rejected, with the server's reason
 */
export async function importFile(apiUrl: string, file: string, kind: string, validOn: string): Promise<ImportState> {
  const query = new URLSearchParams({ kind, file_name: basename(file), sender: 'command line', valid_on: validOn })
  const received = await call(`${apiUrl}/api/v1/imports?${query.toString()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(await readFile(file)),
  })
  const url = `${apiUrl}/api/v1/imports/${received.import_id}`
  const validated = await waitUntilValidated(url)
  if (validated.state === 'rejected') throw new Error(`${basename(file)} was rejected: ${validated.state_reason ?? ''}`)
  if (validated.state !== 'validated') return validated
  return call(`${url}/apply`, { method: 'POST' })
}
