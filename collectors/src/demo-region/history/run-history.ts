import { readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import type { WorkingDayCalendar } from '@edumon/server/contract'
import { createApiClient } from '../../core/api-client.ts'
import type { SiteTruth } from '../farm/farm-files.ts'
import { readHistoryConfig } from './config.ts'
import { waitForFirstRound } from './first-round.ts'
import { sendHistory } from './send-history.ts'

const CALENDAR = new URL('../../../../sql/reference/working-days.json', import.meta.url)

/** Command `history`: after the first real results, and behind all other work, makes up the past of the sites. */
export async function runHistory(argv: string[]): Promise<void> {
  const config = readHistoryConfig(argv)
  setPriority(constants.priority.PRIORITY_LOW)
  const api = createApiClient(config.api_url, null)
  try {
    await waitForFirstRound(api)
    const sites = JSON.parse(readFileSync(join(config.data, 'sites.json'), 'utf8')) as SiteTruth[]
    const calendar = JSON.parse(readFileSync(CALENDAR, 'utf8')) as WorkingDayCalendar
    const accepted = await sendHistory({ api, config, sites, calendar, now_ms: Date.now() })
    process.stdout.write(`${JSON.stringify({ accepted })}\n`)
  } finally {
    await api.close()
  }
}
