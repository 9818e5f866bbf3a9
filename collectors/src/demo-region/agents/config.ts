import { parseArgs } from 'node:util'

export interface AgentsConfig {
  /** The farm's data folder, with the lines; the agents' own folders lie below it. */
  data: string
  api_url: URL
  /** Token of each school by its ИНН. */
  tokens: ReadonlyMap<string, string>
}

const USAGE = 'usage: main.ts agents --data DIR --api URL   (EDUMON_AGENT_TOKENS: pairs ИНН=token, separated by commas)'

/** Reads the command line of `agents` and its tokens. Throws one clear error for bad input. */
export function readAgentsConfig(argv: string[], env: NodeJS.ProcessEnv = process.env): AgentsConfig {
  const { values } = parseArgs({ args: argv, options: { data: { type: 'string' }, api: { type: 'string' } } })
  const { api, data } = values
  if (data === undefined) throw new RangeError(USAGE)
  if (api === undefined || !URL.canParse(api)) throw new RangeError(`--api must be an address\n${USAGE}`)
  const pairs = (env['EDUMON_AGENT_TOKENS'] ?? '').split(',').filter((pair) => pair !== '')
  const tokens = pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
  return { data, api_url: new URL(api), tokens: new Map(tokens) }
}
