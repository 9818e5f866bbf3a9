import { createServer } from 'node:http'
import { FAULTY_ADDRESSES, WITNESS_ADDRESSES } from '../hosters.ts'
import type { RegionConfig } from '../config.ts'
import { generatePlaces } from '../schools.ts'
import { planSites } from '../sites.ts'
import { openAuthorities } from './authorities.ts'
import { openBlackhole } from './blackhole.ts'
import { createContextSource } from './certificates.ts'
import { openControl } from './control.ts'
import { writeFarmFiles, type FarmFiles } from './farm-files.ts'
import { openListeners } from './farm-listeners.ts'
import type { FarmState } from './farm-state.ts'
import { nameWitness } from './hosts-table.ts'
import { PORTALS } from './portals.ts'
import { createSiteHandler } from './site-handler.ts'
import { createTlsServer } from './tls-server.ts'
import { createWitnessServer, WITNESS_PATH } from './witness.ts'

/** Hosters' timetables are looked at this often. */
const TIMETABLE_STEP_MS = 1000

/** What a starter of the farm needs to know; printed as one line of JSON. */
export interface FarmReport extends FarmFiles {
  ready: true
  http_port: number
  https_port: number
  places: number
  sites: number
  witnesses: string[]
  portals: { title: string; url: string }[]
  control_url: string
  control_token: string
}

export interface Farm {
  report: FarmReport
  close: () => Promise<void>
}

type FarmConfig = Omit<RegionConfig, 'command'>

/** Starts the simulated outside world and writes its files. Rejects when an address or port is taken. */
export async function startFarm(config: FarmConfig): Promise<Farm> {
  const { seed, outages, as_of, samples } = config
  const places = generatePlaces(seed, config.schools)
  const planned = planSites(places, seed)
  const sites = new Map(planned.map((site) => [site.host, site]))
  const portals = new Map(PORTALS.map((portal) => [portal.host as string, portal]))
  const state: FarmState = {
    seed,
    started_at_ms: Date.now(),
    outages,
    fault_overrides: new Map(),
    hoster_overrides: new Map(),
    witness: 'up',
  }
  const authorities = await openAuthorities(config.data)
  const ports = { http_port: config.http_port, https_port: config.https_port }
  const handler = createSiteHandler({ sites, portals, ports, state, source: { seed, as_of, samples } })
  const tls = createTlsServer({ sites, portals, state, contextFor: createContextSource(authorities), handler })
  const listeners = await openListeners(
    { http: createServer(handler), tls, witness: createWitnessServer() },
    ports,
    state,
  )
  // The handler writes redirects with these: with port 0 they are known only now.
  Object.assign(ports, listeners.ports)
  const closeBlackhole = await openBlackhole({
    addresses: FAULTY_ADDRESSES.blackhole,
    ports: [ports.http_port, ports.https_port],
  })
  const control = await openControl({ state, sites, applyState: () => listeners.apply(Date.now()) })
  const timetable = setInterval(() => void listeners.apply(Date.now()), TIMETABLE_STEP_MS)
  const files = await writeFarmFiles({ folder: config.data, seed, places, sites: planned, ports, authorities })
  return {
    report: {
      ready: true,
      ...ports,
      places: places.length,
      sites: planned.length,
      ...files,
      witnesses: WITNESS_ADDRESSES.map((_, index) => `http://${nameWitness(index)}:${ports.http_port}${WITNESS_PATH}`),
      portals: PORTALS.map(({ host, title }) => ({ title, url: `https://${host}:${ports.https_port}/` })),
      control_url: control.url,
      control_token: control.token,
    },
    close: async () => {
      clearInterval(timetable)
      await Promise.all([control.close(), listeners.close(), closeBlackhole()])
    },
  }
}
