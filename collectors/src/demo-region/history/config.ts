import { parseArgs } from 'node:util'

export interface HistoryConfig {
  /** The farm's data folder; the mark of what was sent lies there too. */
  data: string
  api_url: URL
  /** Token for reads. */
  token: string | null
  /** Token to hand in measurements with, by vantage. */
  history_tokens: ReadonlyMap<string, string>
  /** Token to hand in speed tests of any school with; null: the past of speeds is left out. */
  speed_token: string | null
  seed: number
  vantages: string[]
  days: number
}

const USAGE = 'usage: main.ts history --data DIR --api URL --vantages NAME,… [--seed 1] [--days 21]'

function readWhole(name: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < low || value > high) {
    throw new RangeError(`--${name} must be a whole number from ${low} to ${high}, not "${text}"\n${USAGE}`)
  }
  return value
}

/** Pairs "vantage=token", separated by commas. */
function readTokens(text: string): Map<string, string> {
  const pairs = text.split(',').filter((pair) => pair !== '')
  return new Map(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}

/** Reads the command line of `history` and its tokens. Throws one clear error for bad input. */
export function readHistoryConfig(argv: string[], env: NodeJS.ProcessEnv = process.env): HistoryConfig {
  const { values } = parseArgs({
    args: argv,
    options: {
      data: { type: 'string' },
      api: { type: 'string' },
      vantages: { type: 'string' },
      seed: { type: 'string', default: '1' },
      days: { type: 'string', default: '21' },
    },
  })
  const { data, api, vantages } = values
  if (data === undefined || vantages === undefined || vantages === '') throw new RangeError(USAGE)
  if (api === undefined || !URL.canParse(api)) throw new RangeError(`--api must be an address\n${USAGE}`)
  return {
    data,
    api_url: new URL(api),
    token: env['EDUMON_TOKEN'] ?? null,
    history_tokens: readTokens(env['EDUMON_HISTORY_TOKENS'] ?? ''),
    speed_token: env['EDUMON_SPEED_HISTORY_TOKEN'] ?? null,
    seed: readWhole('seed', values.seed, 0, 2 ** 31),
    vantages: vantages.split(','),
    days: readWhole('days', values.days, 1, 60),
  }
}
