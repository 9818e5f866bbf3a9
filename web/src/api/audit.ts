import { client, readAnswer } from './client.ts'
import type { paths } from './schema.gen.ts'

/** Which events; the same for the list and for the file. */
export type AuditSelection = NonNullable<paths['/api/v1/audit/events/export.csv']['get']['parameters']['query']>

/** @param before_id the page after this event; null: the first one */
export const readAuditEvents = (selection: AuditSelection, before_id: number | null, signal: AbortSignal) =>
  readAnswer(
    client.GET('/api/v1/audit/events', {
      params: { query: { ...selection, ...(before_id === null ? {} : { before_id }) } },
      signal,
    }),
  )

export const readAuditSeal = (signal: AbortSignal) => readAnswer(client.GET('/api/v1/audit/seal', { signal }))

/** Links that download exactly what is filtered; the API writes the file. */
export function listAuditLinks(selection: AuditSelection): { label: string; href: string }[] {
  const words = new URLSearchParams(
    Object.entries(selection).flatMap(([key, value]) => [value].flat().map((one) => [key, String(one)])),
  )
  return (['xlsx', 'csv'] as const).map((extension) => ({
    label: extension.toUpperCase(),
    href: `/api/v1/audit/events/export.${extension}?${words.toString()}`,
  }))
}
