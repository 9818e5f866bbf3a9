import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import type { BenchOptions } from './options.ts'
import { printReport, type Metric } from './report.ts'
import { runChain } from './sweep/chain.ts'
import { runBlackbox, runCurl, type BenchSite, type PeerResult } from './sweep/peers.ts'

const ROOT = join(import.meta.dirname, '../..')
const CONCURRENCY = 10 * availableParallelism()

interface FarmReport {
  hosts_file: string
  system_ca_file: string
  extra_ca_file: string
  sites_file: string
}

interface Pass {
  seconds: number
  cpu_seconds: number
  working: number
  resumed: number
  event_loop_p999_ms: number
}

interface Passes {
  /** Full handshakes, every page seen for the first time. */
  first: Pass
  /** Full handshakes, pages as they were. */
  full: Pass
  resumed: Pass
}

async function startFarm(folder: string, schools: number): Promise<{ child: ChildProcess; report: FarmReport }> {
  const args = ['collectors/src/demo-region/main.ts', 'farm', '--data', folder, '--schools', `${schools}`, '--quiet']
  const child = spawn(process.execPath, [...args, '--http-port', '0', '--https-port', '0'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const report = await new Promise<FarmReport>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as FarmReport))
    child.once('exit', () => reject(new Error('The farm ended before it was ready')))
  })
  return { child, report }
}

type FarmSite = BenchSite & { fault: string | null }

function listSites(report: FarmReport): FarmSite[] {
  return JSON.parse(readFileSync(report.sites_file, 'utf8')) as FarmSite[]
}

/** Sites that work: a timeout of a broken site would be measured as waiting, the same for every program. */
function listWorkingSites(report: FarmReport): BenchSite[] {
  return listSites(report).filter((site) => site.fault === null && site.url.startsWith('https:'))
}

function farmSettings(report: FarmReport): Record<string, string> {
  return {
    EDUMON_HOSTS_FILE: report.hosts_file,
    EDUMON_ROOT_CA_FILE: report.system_ca_file,
    EDUMON_EXTRA_CA_FILE: report.extra_ca_file,
    EDUMON_ALLOW_ADDRESSES: '127.0.0.0/8',
  }
}

async function runOurs(sites: BenchSite[], folder: string, report: FarmReport): Promise<Passes> {
  const list = join(folder, 'bench-sites.json')
  writeFileSync(list, JSON.stringify(sites.map((site) => site.url)))
  const { stdout } = await promisify(execFile)(process.execPath, ['tests/bench/sweep/probe-all.ts', list], {
    cwd: ROOT,
    env: {
      ...process.env,
      ...farmSettings(report),
      EDUMON_HOST_DELAY_MS: '0',
      EDUMON_CONCURRENCY: `${CONCURRENCY}`,
    },
  })
  return JSON.parse(stdout) as Passes
}

function perThousand(result: PeerResult, count: number): number {
  return (result.cpu_seconds / count) * 1000
}

function compare(name: string, ours: Pass, peers: [string, PeerResult | null][], count: number): Metric[] {
  return peers.flatMap(([peer, result]) =>
    result === null
      ? []
      : [
          {
            name: `${name}: CPU per 1,000 sites`,
            value: perThousand(ours, count),
            unit: 's',
            peer,
            peer_value: perThousand(result, count),
          },
          {
            name: `${name}: sites per second`,
            value: count / ours.seconds,
            unit: '1/s',
            peer,
            peer_value: count / result.seconds,
          },
        ],
  )
}

/** Availability sweep over the demo farm: with full handshakes, and resuming; beside blackbox exporter and curl. */
export async function runBench(options: BenchOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'edumon-sweep-'))
  const { child, report } = await startFarm(folder, options.quick ? 200 : 1000)
  try {
    const sites = listWorkingSites(report)
    const ours = await runOurs(sites, folder, report)
    const blackbox = await runBlackbox(sites, folder, report.system_ca_file, CONCURRENCY)
    const curl = runCurl(sites, folder, report.system_ca_file, CONCURRENCY)
    const chain = await runChain(listSites(report), folder, farmSettings(report))
    const peers: [string, PeerResult | null][] = [
      ['blackbox', blackbox],
      ['curl', curl],
    ]
    const metrics = [
      ...compare('full handshakes, pages new', ours.first, peers, sites.length),
      ...compare('full handshakes', ours.full, peers, sites.length),
      ...compare('resumed sessions', ours.resumed, peers, sites.length),
      ...judgeAims(ours, blackbox, sites.length),
      {
        name: 'event loop delay, 99.9th percentile',
        value: ours.full.event_loop_p999_ms,
        unit: 'ms',
        aim: 'under 50',
        ok: ours.full.event_loop_p999_ms < 50,
      },
      {
        name: `chain: ${chain.sites} sites to confirmed verdicts`,
        value: chain.seconds,
        unit: 's',
        aim: 'under 120',
        ok: chain.judged === chain.sites && chain.seconds < 120,
      },
    ]
    printReport('sweep', metrics, [
      `the chain judged ${chain.judged} of ${chain.sites} sites, working or troubled: ${JSON.stringify(chain.verdicts)}`,
      `${sites.length} working HTTPS sites, ${CONCURRENCY} at once; working: ours ${ours.full.working}, resumed sessions ${ours.resumed.resumed}, blackbox ${blackbox?.working ?? 'not installed'}, curl ${curl?.working ?? 'not installed'}`,
      'blackbox did not check: what the page says (placeholders, shells, challenges), charset, title, body hash, which trust store decided, own link, address policy',
      'curl did not check: any of these, nor certificate facts and phases',
    ])
  } finally {
    child.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
}

function judgeAims(ours: Passes, blackbox: PeerResult | null, count: number): Metric[] {
  if (blackbox === null) return []
  const peer = perThousand(blackbox, count)
  const ratio = (pass: Pass): number => perThousand(pass, count) / peer
  return [
    {
      name: 'CPU against blackbox, full handshakes',
      value: ratio(ours.full),
      unit: 'times',
      aim: 'at most 1',
      ok: ratio(ours.full) <= 1,
    },
    {
      name: 'CPU against blackbox, resumed',
      value: ratio(ours.resumed),
      unit: 'times',
      aim: 'at most 0.5',
      ok: ratio(ours.resumed) <= 0.5,
    },
  ]
}
