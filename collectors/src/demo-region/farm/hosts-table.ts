import type { FaultName } from '../faults.ts'
import { WITNESS_ADDRESSES } from '../hosters.ts'
import type { Site } from '../sites.ts'
import { PORTALS } from './portals.ts'

/** What asking for a name gives: addresses, or the word for the way in which asking fails. */
export type HostsEntry = string[] | '!nxdomain' | '!servfail' | '!timeout'

const FAILING_NAMES: Partial<Record<FaultName, HostsEntry>> = {
  name_missing: '!nxdomain',
  name_servfail: '!servfail',
  name_timeout: '!timeout',
}

export function nameWitness(index: number): string {
  return `witness-${index + 1}.example`
}

/** The hosts file that collectors read instead of DNS: one entry for each site, portal and witness. */
export function writeHostsTable(sites: readonly Site[]): Record<string, HostsEntry> {
  const table: Record<string, HostsEntry> = {}
  for (const { host, address, fault } of sites) {
    table[host] = (fault === null ? undefined : FAILING_NAMES[fault]) ?? [address]
  }
  for (const { host, address } of PORTALS) table[host] = [address]
  for (const [index, address] of WITNESS_ADDRESSES.entries()) table[nameWitness(index)] = [address]
  return table
}
