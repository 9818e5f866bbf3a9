/** Links that download exactly what is filtered; the API writes the file. */
export function listExportLinks(path: string, query: object): { label: string; href: string }[] {
  return (['csv', 'xlsx'] as const).map((format) => {
    const words = new URLSearchParams({ format })
    for (const [key, value] of Object.entries(query)) {
      if (typeof value === 'string' || typeof value === 'number') words.set(key, String(value))
    }
    return { label: format.toUpperCase(), href: `${path}?${words.toString()}` }
  })
}
