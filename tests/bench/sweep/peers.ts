import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, get } from 'node:http'
import { join } from 'node:path'

const CLOCK_TICKS_PER_S = 100
const BLACKBOX_PORT = 9615
/** Passes of one process, of which the median counts, as with ours. */
const BLACKBOX_ROUNDS = 5

/** A site as the farm's truth file and hosts file tell it. */
export interface BenchSite {
  url: string
  host: string
  address: string
}

export interface PeerResult {
  seconds: number
  cpu_seconds: number
  working: number
}

function readCpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_S
}

async function isUp(): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`http://127.0.0.1:${BLACKBOX_PORT}/-/healthy`, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    request.once('error', () => resolve(false))
  })
}

async function startBlackbox(folder: string, rootCaFile: string): Promise<ChildProcess> {
  const config = join(folder, 'blackbox.yml')
  writeFileSync(
    config,
    `modules:
  site:
    prober: http
    timeout: 8s
    http:
      preferred_ip_protocol: ip4
      tls_config: { ca_file: ${rootCaFile} }
`,
  )
  const child = spawn(
    'prometheus-blackbox-exporter',
    [`--config.file=${config}`, `--web.listen-address=127.0.0.1:${BLACKBOX_PORT}`, '--log.level=error'],
    { stdio: 'ignore' },
  )
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (await isUp()) return child
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill()
  throw new Error('The blackbox exporter did not start')
}

async function probeByBlackbox(site: BenchSite, agent: Agent): Promise<boolean> {
  const url = new URL(site.url)
  const target = `${url.protocol}//${site.address}:${url.port}/`
  const query = new URLSearchParams({ module: 'site', target, hostname: site.host })
  return new Promise((resolve) => {
    const request = get(`http://127.0.0.1:${BLACKBOX_PORT}/probe?${query.toString()}`, { agent }, (answer) => {
      let text = ''
      answer.on('data', (part: Buffer) => (text += part.toString()))
      answer.once('end', () => resolve(/^probe_success 1$/m.test(text)))
    })
    request.once('error', () => resolve(false))
  })
}

/** Asks a blackbox exporter for every site, as Prometheus would; the median of several passes. Null when the program is not installed. */
export async function runBlackbox(
  sites: BenchSite[],
  folder: string,
  rootCaFile: string,
  concurrency: number,
): Promise<PeerResult | null> {
  if (spawnSync('prometheus-blackbox-exporter', ['--version']).error !== undefined) return null
  const child = await startBlackbox(folder, rootCaFile)
  try {
    const agent = new Agent({ keepAlive: true, maxSockets: concurrency })
    const pid = child.pid ?? 0
    const rounds: PeerResult[] = []
    for (let round = 0; round < BLACKBOX_ROUNDS; round += 1) {
      const cpu = readCpuSeconds(pid)
      const started = performance.now()
      const answers = await Promise.all(sites.map((site) => probeByBlackbox(site, agent)))
      const seconds = (performance.now() - started) / 1000
      rounds.push({ seconds, cpu_seconds: readCpuSeconds(pid) - cpu, working: answers.filter(Boolean).length })
    }
    agent.destroy()
    return rounds.sort((a, b) => a.cpu_seconds - b.cpu_seconds)[BLACKBOX_ROUNDS >> 1] ?? null
  } finally {
    child.kill()
  }
}

/** Fetches every home page with `curl --parallel`. Null when curl is not installed. */
export function runCurl(
  sites: BenchSite[],
  folder: string,
  rootCaFile: string,
  concurrency: number,
): PeerResult | null {
  if (spawnSync('curl', ['--version']).error !== undefined) return null
  const config = join(folder, 'curl.conf')
  const resolve = sites.map(({ host, address, url }) => `resolve = "${host}:${new URL(url).port}:${address}"`)
  const fetches = sites.map(({ url }) => `url = "${url}"\noutput = "/dev/null"`)
  writeFileSync(config, [...new Set(resolve), ...fetches].join('\n'))
  const started = performance.now()
  const command = `curl --parallel --parallel-max ${concurrency} --max-time 8 --silent --cacert ${rootCaFile} --write-out '%{http_code}\\n' -K ${config}; times`
  const { stdout } = spawnSync('bash', ['-c', command], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  const lines = stdout.trim().split('\n')
  const [user = '', system = ''] = (lines.at(-1) ?? '').split(' ')
  return {
    seconds: (performance.now() - started) / 1000,
    cpu_seconds: readShellTime(user) + readShellTime(system),
    working: lines.filter((line) => line === '200').length,
  }
}

/** The shell's `times` prints `0m1.234s`. */
function readShellTime(text: string): number {
  const [, minutes = '0', seconds = '0'] = /^(\d+)m([\d.]+)s$/.exec(text) ?? []
  return Number(minutes) * 60 + Number(seconds)
}
