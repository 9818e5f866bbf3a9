import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'

/** Names that are answered without DNS: host name in lower case → addresses. */
export type HostsTable = ReadonlyMap<string, readonly string[]>

function parseJson(text: string): [string, string[]][] {
  const table: unknown = JSON.parse(text)
  if (table === null || typeof table !== 'object' || Array.isArray(table)) {
    throw new TypeError('a JSON hosts file is one object: name → address or list of addresses')
  }
  return Object.entries(table).map(([name, value]: [string, unknown]) => [
    name,
    Array.isArray(value) ? value.map(String) : [String(value)],
  ])
}

function parseLines(text: string): [string, string[]][] {
  return text.split(/\r?\n/).flatMap((line): [string, string[]][] => {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    return address === undefined || address === '' ? [] : names.map((name) => [name, [address]])
  })
}

/**
 * Reads a hosts file, either JSON (`{"school-12.example": "127.1.0.12"}`) or the format of /etc/hosts.
 * Throws an error that names the file and the entry when it cannot be read or an address is not one.
 */
export function readHostsFile(path: string): HostsTable {
  const text = readFileSync(path, 'utf8')
  const table = new Map<string, string[]>()
  for (const [name, addresses] of text.trimStart().startsWith('{') ? parseJson(text) : parseLines(text)) {
    const bad = addresses.find((address) => isIP(address) === 0)
    if (bad !== undefined) throw new TypeError(`${path}: "${name}" has "${bad}", which is not an IP address`)
    const key = name.toLowerCase()
    table.set(key, [...(table.get(key) ?? []), ...addresses])
  }
  return table
}
