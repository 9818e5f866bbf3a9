import pino from 'pino'
import { collectSheet } from '../../collectors/src/sheet/index.ts'
import { createApiClient } from '../../collectors/src/core/api-client.ts'
import { loadReference } from '../../server/src/db/load-reference.ts'
import { createTestApp, type TestApp } from '../setup/test-app.ts'

export const TODAY = '2026-11-21'

export interface ImportAnswer {
  import_id: number
  state: string
  state_reason: string | null
  state_place: string | null
  is_repeat?: boolean
  counts: Record<'new' | 'changed' | 'same' | 'ambiguous' | 'refused' | 'skipped' | 'pending', number>
}

export interface RowAnswer {
  sheet_no: number
  row_no: number
  verdict: string
  org_unit_id: number | null
  identified_by: string | null
  candidates: { org_unit_id: number | null; row_no: number | null; name: string | null; reason: string }[]
  issues: { severity: string; cell: string | null; message: string; found: string | null; expected: string | null }[]
  changes: Record<string, { from: unknown; to: unknown }>
}

export interface OrgUnitAnswer {
  org_unit_id: number
  kind: string
  parent_id: number | null
  full_name: string
  short_name: string
  founder_kind: string | null
  municipality_name: string | null
  city_district_name: string | null
  address: string | null
  inn: string | null
  kpp: string | null
  target_id: string | null
  site_url: string | null
  branches: number
  buildings: number
  status: string | null
}

/** The real API on a loopback port with the region's territories, the real sheet collector, and short commands. */
export interface IntakeClient extends TestApp {
  call: (
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; body: ImportAnswer }>
  upload: (bytes: Buffer | string, query?: Record<string, string>) => Promise<ImportAnswer>
  /** Parses as the collector does; the import is validated or rejected afterwards. */
  parse: (import_id: number) => Promise<ImportAnswer>
  /** Upload, parse and apply. */
  take: (bytes: Buffer | string, query?: Record<string, string>) => Promise<ImportAnswer>
  rows: (import_id: number, query?: string) => Promise<RowAnswer[]>
  units: (query?: string) => Promise<OrgUnitAnswer[]>
}

export async function createIntakeClient(): Promise<IntakeClient> {
  const test = await createTestApp()
  await loadReference(test.database.db, { vantages: ['local'], today: TODAY })
  const origin = await test.app.listen({ host: '127.0.0.1', port: 0 })
  const api = createApiClient(new URL(origin), null)
  const log = pino({ level: 'silent' })

  const call: IntakeClient['call'] = async (method, path, body) => {
    const json =
      body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await fetch(`${origin}/api/v1${path}`, { method, ...json })
    return { status: answer.status, body: (await answer.json()) as ImportAnswer }
  }
  const read = async <T>(path: string): Promise<T> => (await fetch(`${origin}/api/v1${path}`)).json() as Promise<T>
  const upload: IntakeClient['upload'] = async (bytes, query = {}) => {
    const search = new URLSearchParams({ kind: 'registry', file_name: 'реестр.csv', valid_on: '2026-09-01', ...query })
    const answer = await fetch(`${origin}/api/v1/imports?${search.toString()}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
    })
    if (!answer.ok) throw new Error(`upload answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as ImportAnswer
  }
  const parse: IntakeClient['parse'] = async (import_id) => {
    const lease = {
      lease_id: crypto.randomUUID(),
      kind: 'sheet_parse' as const,
      org_unit_id: null,
      org_kind: null,
      target_id: null,
      url: null,
      import_id,
      attempt: 1,
      full_handshake: false,
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    }
    await collectSheet(lease, { api, log })
    return (await call('GET', `/imports/${import_id}`)).body
  }
  return {
    ...test,
    call,
    upload,
    parse,
    take: async (bytes, query) => {
      const { import_id } = await upload(bytes, query)
      const parsed = await parse(import_id)
      if (parsed.state !== 'validated') throw new Error(`${parsed.state}: ${parsed.state_reason ?? ''}`)
      const applied = await call('POST', `/imports/${import_id}/apply`)
      if (applied.status !== 200) throw new Error(JSON.stringify(applied.body))
      return applied.body
    },
    rows: async (import_id, query = 'limit=1000') =>
      (await read<{ rows: RowAnswer[] }>(`/imports/${import_id}/rows?${query}`)).rows,
    units: async (query = 'kind=organisation') => (await read<{ rows: OrgUnitAnswer[] }>(`/org-units?${query}`)).rows,
    close: async () => {
      await api.close()
      await test.close()
    },
  }
}

/** CSV as Russian spreadsheets write it. */
export function writeCsv(header: readonly string[], rows: readonly (string | null)[][]): string {
  const cell = (value: string | null): string =>
    value === null ? '' : /[;"\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
  return `\uFEFF${[header, ...rows].map((row) => row.map(cell).join(';')).join('\r\n')}\r\n`
}
