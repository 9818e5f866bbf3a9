import { BrowserClient } from './ndt7/browser-client.ts'
import {
  ensureIperf,
  runClient,
  runIperf,
  runOfficialClients,
  startServer,
  type Direction,
  type Ends,
} from './ndt7/programs.ts'
import { inNamespace, makeLink, PAYLOAD_SHARE, removeLink, SERVER_ADDRESS, setRate } from './ndt7/shaped-link.ts'
import type { BenchOptions } from './options.ts'
import { printReport, type Metric } from './report.ts'

const DIRECTIONS: readonly Direction[] = ['download', 'upload']
/** Share of iperf3's figure that is aimed at, by streams. */
const AIMS = [
  { streams: 1, share: 0.9 },
  { streams: 50, share: 0.8 },
] as const
const RATES_MBPS = [5, 50, 100, 500]
const BROWSER_RATES_MBPS = [5, 50, 100, 200]
const TOLERANCE = 0.05
/** Official clients at once, and the link that they share. */
const CROWD = 50
const CROWD_MBPS = 100

const LOOPBACK: Ends = { server: [], client: [], address: '127.0.0.1' }
const LINK: Ends = { server: inNamespace('server'), client: inNamespace('client'), address: SERVER_ADDRESS }
/** The widest line that a measurement server of a region is likely to stand on. */
const LINE_MBPS = 1000

/** Throughput of our server and client, and of iperf3 between the same ends. `over` says what lies between them. */
async function compareThroughput(ends: Ends, over: string, hasPeer: boolean): Promise<Metric[]> {
  const metrics: Metric[] = []
  const { url, child } = await startServer(ends.server, ends.address)
  try {
    for (const { streams, share } of AIMS) {
      for (const direction of DIRECTIONS) {
        const value = await runClient(ends.client, url, { direction, streams })
        const name = `${direction} over ${over}, ${streams} at once`
        if (!hasPeer) {
          metrics.push({ name, value, unit: 'Mbit/s' })
          continue
        }
        const peer_value = await runIperf(ends, { direction, streams })
        const ok = value >= share * peer_value
        metrics.push({ name, value, unit: 'Mbit/s', peer: 'iperf3', peer_value, aim: `${share} of iperf3`, ok })
      }
    }
    return metrics
  } finally {
    child.kill('SIGTERM')
  }
}

/** What a client says of a link of known rate, as a share of what that link carries for it. */
function judgeRate(client: string, direction: Direction, mbps: number, measured: number): Metric {
  const value = measured / (mbps * PAYLOAD_SHARE)
  const ok = Math.abs(value - 1) <= TOLERANCE
  return { name: `${client}: ${direction} at ${mbps} Mbit/s`, value, unit: 'of the rate', aim: 'within 5 %', ok }
}

/** The official client, as many at once as a small region has schools: what they measure together is the link. */
async function measureCrowd(url: string): Promise<Metric[]> {
  setRate(CROWD_MBPS)
  const { completed, ...mbps } = await runOfficialClients(inNamespace('client'), url, CROWD)
  const crowd = `${CROWD} official clients`
  return [
    {
      name: `${crowd}: both directions completed`,
      value: completed,
      unit: '',
      aim: `${CROWD}`,
      ok: completed === CROWD,
    },
    ...DIRECTIONS.map((direction) => judgeRate(crowd, direction, CROWD_MBPS, mbps[direction])),
  ]
}

async function measureAccuracy(rates: readonly number[], browserRates: readonly number[]): Promise<Metric[]> {
  const metrics: Metric[] = []
  const { url, child } = await startServer(inNamespace('server'), SERVER_ADDRESS)
  const browser = await BrowserClient.start()
  try {
    for (const mbps of new Set([...rates, ...browserRates])) {
      setRate(mbps)
      for (const direction of DIRECTIONS) {
        if (rates.includes(mbps)) {
          const measured = await runClient(inNamespace('client'), url, { direction, streams: 1 })
          metrics.push(judgeRate('Node', direction, mbps, measured))
        }
        if (browserRates.includes(mbps)) {
          metrics.push(judgeRate('Chromium', direction, mbps, await browser.measure(url, direction)))
        }
      }
    }
    metrics.push(...(await measureCrowd(url)))
    return metrics
  } finally {
    await browser.close()
    child.kill('SIGTERM')
  }
}

/** Throughput beside iperf3, and accuracy over a shaped link. */
export async function runBench({ quick }: BenchOptions): Promise<void> {
  const notes = ['over loopback one direction takes 10 s; servers and clients are processes of their own']
  const hasPeer = ensureIperf()
  if (!hasPeer) notes.push('iperf3 is not installed, and may not be: no peer')
  const metrics = await compareThroughput(LOOPBACK, 'loopback', hasPeer)
  if (makeLink()) {
    try {
      setRate(LINE_MBPS)
      metrics.push(...(await compareThroughput(LINK, `a line of ${LINE_MBPS} Mbit/s`, hasPeer)))
      metrics.push(...(await measureAccuracy(quick ? [] : RATES_MBPS, quick ? [200] : BROWSER_RATES_MBPS)))
    } finally {
      removeLink()
    }
    notes.push('the rate is that of Ethernet frames: of 1,514 bytes 1,448 are payload')
  } else notes.push('network namespaces are not permitted here: accuracy was not measured')
  printReport('ndt7', metrics, notes)
}
