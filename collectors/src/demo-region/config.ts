import { parseArgs } from 'node:util'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { regionDayOf } from './history/slots.ts'

export interface RegionConfig {
  command: 'farm' | 'registry'
  /** Folder that everything is written to. */
  data: string
  seed: number
  schools: number
  http_port: number
  https_port: number
  as_of: string
  outages: boolean
  samples: string | null
}

const USAGE = `usage: main.ts farm|registry --data DIR [--seed 1] [--schools 1000] [--http-port 8090] [--https-port 8453]
       [--as-of YYYY-MM-DD] [--quiet]   (--quiet: no hoster is down by itself)`
const DEFAULT_SAMPLES = fileURLToPath(new URL('../../../../shared/data', import.meta.url))

function readNumber(name: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RangeError(`--${name} must be a whole number from ${low} to ${high}, not "${text}"\n${USAGE}`)
  }
  return value
}

/** Reads the command line; sample pages are found by EDUMON_SAMPLE_DATA. Throws one clear error for bad input. */
export function readRegionConfig(argv: string[]): RegionConfig {
  const { positionals, values } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      seed: { type: 'string', default: '1' },
      schools: { type: 'string', default: '1000' },
      'http-port': { type: 'string', default: '8090' },
      'https-port': { type: 'string', default: '8453' },
      'as-of': { type: 'string', default: regionDayOf(Date.now()) },
      quiet: { type: 'boolean', default: false },
    },
  })
  const [command] = positionals
  if (command !== 'farm' && command !== 'registry') throw new RangeError(USAGE)
  if (values.data === undefined) throw new RangeError(`--data is missing\n${USAGE}`)
  if (!/^\d{4}-\d{2}-\d{2}$/.test(values['as-of'])) throw new RangeError(`--as-of must be a day, YYYY-MM-DD\n${USAGE}`)
  return {
    command,
    data: values.data,
    seed: readNumber('seed', values.seed, 0, 2 ** 31),
    schools: readNumber('schools', values.schools, 1, 20_000),
    http_port: readNumber('http-port', values['http-port'], 0, 65_535),
    https_port: readNumber('https-port', values['https-port'], 0, 65_535),
    as_of: values['as-of'],
    outages: !values.quiet,
    samples: join(process.env['EDUMON_SAMPLE_DATA'] ?? DEFAULT_SAMPLES, 'sites'),
  }
}
