import type { Standpoint } from './reads.ts'

/** Links that download the table of an indicator exactly as it is filtered; the API writes the file. */
export function listExportLinks(code: string, query: Standpoint): { label: string; href: string }[] {
  const words = new URLSearchParams(
    Object.entries(query).map(([key, value]) => [key, String(value)] as [string, string]),
  )
  return (['xlsx', 'csv'] as const).map((extension) => ({
    label: extension.toUpperCase(),
    href: `/api/v1/indicators/${encodeURIComponent(code)}/export.${extension}?${words.toString()}`,
  }))
}
