import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SiteCause } from '@edumon/server/contract'
import { FAULTS, type FaultName } from '../faults.ts'
import { writeRegistryFiles, type RegistryFiles } from '../registry-files.ts'
import type { Place } from '../schools.ts'
import { writeSiteUrl, type Ports, type Site } from '../sites.ts'
import type { Authorities } from './authorities.ts'
import { writeHostsTable } from './hosts-table.ts'

export interface FarmFiles extends RegistryFiles {
  /** JSON, name → addresses or the way in which asking fails; for EDUMON_HOSTS_FILE. */
  hosts_file: string
  /** PEM of the root that plays one known to every system. */
  system_ca_file: string
  /** PEM of the root that plays the national one; for EDUMON_EXTRA_CA_FILE. */
  extra_ca_file: string
  /** JSON, what each site is and what a probe is to say of it: the truth that results are compared with. */
  sites_file: string
}

/** One site as the truth file tells it. */
export interface SiteTruth {
  key: string
  url: string
  host: string
  address: string
  hoster: Site['hoster']
  platform: Site['platform']
  grade: Site['grade']
  charset: Site['charset']
  robots: Site['robots']
  fault: FaultName | null
  /** Null: it works. A flapping site shows this cause in some time slots only. */
  cause: SiteCause | null
}

function describeSite(site: Site, ports: Ports): SiteTruth {
  const { place, host, address, hoster, platform, grade, charset, robots, fault } = site
  const cause = fault === null ? null : FAULTS[fault].cause
  return {
    key: place.key,
    url: writeSiteUrl(site, ports),
    host,
    address,
    hoster,
    platform,
    grade,
    charset,
    robots,
    fault,
    cause,
  }
}

interface Written {
  folder: string
  seed: number
  places: readonly Place[]
  sites: readonly Site[]
  ports: Ports
  authorities: Authorities
}

export async function writeFarmFiles({ folder, seed, places, sites, ports, authorities }: Written): Promise<FarmFiles> {
  const registry = await writeRegistryFiles(folder, places, sites, { ...ports, seed })
  const files = {
    hosts_file: join(folder, 'hosts.json'),
    system_ca_file: join(folder, 'system-ca.pem'),
    extra_ca_file: join(folder, 'national-ca.pem'),
    sites_file: join(folder, 'sites.json'),
  }
  const { roots } = authorities
  writeFileSync(files.hosts_file, JSON.stringify(writeHostsTable(sites), null, 1))
  writeFileSync(files.system_ca_file, `${roots.public.certificate.toString('pem')}\n`)
  writeFileSync(files.extra_ca_file, `${roots.national.certificate.toString('pem')}\n`)
  writeFileSync(
    files.sites_file,
    JSON.stringify(
      sites.map((site) => describeSite(site, ports)),
      null,
      1,
    ),
  )
  return { ...registry, ...files }
}
