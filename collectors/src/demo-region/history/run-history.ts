import { readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import type { WorkingDayCalendar } from '@edumon/server/contract'
import { createApiClient, type ApiClient } from '../../core/api-client.ts'
import type { SiteTruth } from '../farm/farm-files.ts'
import { readHistoryConfig, type HistoryConfig } from './config.ts'
import { waitForFirstRound } from './first-round.ts'
import { sendHistory } from './send-history.ts'
import { sendSpeedHistory } from './send-speed-history.ts'

const CALENDAR = new URL('../../../../sql/reference/working-days.json', import.meta.url)

async function sendSpeeds(api: ApiClient, config: HistoryConfig, calendar: WorkingDayCalendar): Promise<number> {
  const { api_url, data, seed, speed_token } = config
  if (speed_token === null) return 0
  const agents = createApiClient(api_url, speed_token)
  try {
    return await sendSpeedHistory({ api, agents, data, seed, calendar, now_ms: Date.now() })
  } finally {
    await agents.close()
  }
}

/** Command `history`: after the first real results, and behind all other work, makes up the past of lines and sites. */
export async function runHistory(argv: string[]): Promise<void> {
  const config = readHistoryConfig(argv)
  setPriority(constants.priority.PRIORITY_LOW)
  const api = createApiClient(config.api_url, config.token)
  const senders = new Map(
    [...config.history_tokens].map(([vantage, token]) => [vantage, createApiClient(config.api_url, token)]),
  )
  const apiOf = (vantage: string): ApiClient => senders.get(vantage) ?? api
  try {
    await waitForFirstRound(api)
    const sites = JSON.parse(readFileSync(join(config.data, 'sites.json'), 'utf8')) as SiteTruth[]
    const calendar = JSON.parse(readFileSync(CALENDAR, 'utf8')) as WorkingDayCalendar
    const speed_tests = await sendSpeeds(api, config, calendar)
    const accepted = await sendHistory({ api, apiOf, config, sites, calendar, now_ms: Date.now() })
    process.stdout.write(`${JSON.stringify({ accepted, speed_tests })}\n`)
  } finally {
    await Promise.all([api.close(), ...[...senders.values()].map((sender) => sender.close())])
  }
}
