import pino from 'pino'
import { collectSheet } from '../../collectors/src/sheet/index.ts'
import type { Lease } from '../../server/src/contract/index.ts'
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
  /** Leases the parsing of an import, as its collector must before it touches the file. */
  lease: (import_id: number) => Promise<Lease>
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
  const identity = { name: 'test', version: '1', vantage: 'local' }
  const { authorization = '' } = await test.headersFor('/api/v1/leases')
  const api = createApiClient(new URL(origin), authorization.replace('Bearer ', ''))
  const log = pino({ level: 'silent' })

  const call: IntakeClient['call'] = async (method, path, body) => {
    const headers = await test.headersFor(`/api/v1${path}`)
    const json =
      body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const answer = await fetch(`${origin}/api/v1${path}`, { method, ...json })
    return { status: answer.status, body: (await answer.json()) as ImportAnswer }
  }
  const read = async <T>(path: string): Promise<T> => {
    const answer = await fetch(`${origin}/api/v1${path}`, { headers: await test.headersFor(`/api/v1${path}`) })
    return answer.json() as Promise<T>
  }
  const upload: IntakeClient['upload'] = async (bytes, query = {}) => {
    const search = new URLSearchParams({ kind: 'registry', file_name: 'реестр.csv', valid_on: '2026-09-01', ...query })
    const answer = await fetch(`${origin}/api/v1/imports?${search.toString()}`, {
      method: 'POST',
      headers: { ...(await test.headersFor('/api/v1/imports')), 'content-type': 'application/octet-stream' },
      body: typeof bytes === 'string' ? bytes : new Uint8Array(bytes),
    })
    if (!answer.ok) throw new Error(`upload answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as ImportAnswer
  }
  const leases = new Map<number, Lease>()
  const lease: IntakeClient['lease'] = async (import_id) => {
    const leased = await api.lease({ collector: identity, kinds: ['sheet_parse'], max: 100 })
    for (const given of leased.ok ? leased.value.leases : []) leases.set(given.import_id ?? 0, given)
    const found = leases.get(import_id)
    if (found === undefined) throw new Error(`the parsing of import ${import_id} was not leased`)
    return found
  }
  const parse: IntakeClient['parse'] = async (import_id) => {
    await collectSheet(await lease(import_id), { api, log })
    return (await call('GET', `/imports/${import_id}`)).body
  }
  return {
    ...test,
    call,
    upload,
    lease,
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
