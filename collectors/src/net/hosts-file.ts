import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'

/** How asking for a name may fail in the hosts file of a simulated world: no such name, server failure, silence. */
export const SIMULATED_DNS_FAILURES = ['!nxdomain', '!servfail', '!timeout'] as const
export type SimulatedDnsFailure = (typeof SIMULATED_DNS_FAILURES)[number]

/** Names that are answered without DNS: host name in lower case → addresses, or the way in which asking fails. */
export type HostsTable = ReadonlyMap<string, readonly string[] | SimulatedDnsFailure>

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

function findSimulatedFailure(entries: readonly string[]): SimulatedDnsFailure | undefined {
  return entries.length === 1 ? SIMULATED_DNS_FAILURES.find((failure) => failure === entries[0]) : undefined
}

/**
 * Reads a hosts file, either JSON (`{"school-12.example": "127.1.0.12", "lost.example": "!servfail"}`) or the format
 * of /etc/hosts.
 * Throws an error that names the file and the entry when it cannot be read or an address is not one.
 */
export function readHostsFile(path: string): HostsTable {
  const text = readFileSync(path, 'utf8')
  const table = new Map<string, readonly string[] | SimulatedDnsFailure>()
  for (const [name, addresses] of text.trimStart().startsWith('{') ? parseJson(text) : parseLines(text)) {
    const key = name.toLowerCase()
    const failure = findSimulatedFailure(addresses)
    if (failure !== undefined) {
      table.set(key, failure)
      continue
    }
    const bad = addresses.find((address) => isIP(address) === 0)
    if (bad !== undefined) throw new TypeError(`${path}: "${name}" has "${bad}", which is not an IP address`)
    const known = table.get(key)
    table.set(key, typeof known === 'object' ? [...known, ...addresses] : addresses)
  }
  return table
}
