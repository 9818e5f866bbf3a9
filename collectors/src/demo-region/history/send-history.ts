import { setTimeout as delay } from 'node:timers/promises'
import { MEASUREMENTS_PER_BATCH, type SiteCheck, type WorkingDayCalendar } from '@edumon/server/contract'
import type { ApiClient } from '../../core/api-client.ts'
import type { SiteTruth } from '../farm/farm-files.ts'
import type { HistoryConfig } from './config.ts'
import { expectAnswer, findTargets } from './find-targets.ts'
import type { HistoryTarget } from './model-check.ts'
import { modelHistory, pickVantageNo, type HistoryModel } from './model-history.ts'
import { readProgress, writeProgress } from './progress.ts'

const COLLECTOR = { name: 'demo-history', version: '1' }
/** Sites whose past is sent together: some hundreds of rows, so that the API answers people between two batches. */
const SITES_PER_STEP = 6
/** After each batch the API is left alone for this many times as long as it took. */
const REST_SHARE = 1

export interface SendParts {
  /** For reads. */
  api: ApiClient
  /** For measurements of a vantage. */
  apiOf: (vantage: string) => ApiClient
  config: HistoryConfig
  sites: readonly SiteTruth[]
  calendar: WorkingDayCalendar
  now_ms: number
}

async function sendBatch(api: ApiClient, vantage: string, measurements: SiteCheck[]): Promise<number> {
  const started = performance.now()
  const answer = await api.submit({
    collector: { ...COLLECTOR, vantage },
    witness: null,
    health: null,
    provenance: 'modelled',
    measurements,
  })
  const { accepted, rejected } = expectAnswer(answer, 'modelled history')
  const [first] = rejected
  if (first !== undefined) throw new Error(`modelled history, row ${first.index}: ${first.code} ${first.message}`)
  await delay((performance.now() - started) * REST_SHARE)
  return accepted
}

interface KnownSite {
  target: HistoryTarget
  site: SiteTruth
}

/** Sends the past of some sites: one series of batches for each vantage. */
async function sendSites(apiOf: SendParts['apiOf'], known: readonly KnownSite[], model: HistoryModel): Promise<number> {
  let accepted = 0
  for (const [vantage_no, group] of Map.groupBy(known, ({ site }) => pickVantageNo(site, model))) {
    const vantage = model.vantages[vantage_no] ?? COLLECTOR.name
    const rows = group.flatMap(({ target, site }) => modelHistory(target, site, model))
    for (let start = 0; start < rows.length; start += MEASUREMENTS_PER_BATCH) {
      accepted += await sendBatch(apiOf(vantage), vantage, rows.slice(start, start + MEASUREMENTS_PER_BATCH))
    }
  }
  return accepted
}

/**
 * Gives every site of the simulated region its modelled past, site by site and each in the order of time. What an
 * earlier start has sent is not sent again, and what it was cut off in is answered as duplicates.
 * @returns how many measurements the server took in now
 * @throws when the server refuses them, as one does that is no demonstration
 */
export async function sendHistory({ api, apiOf, config, sites, calendar, now_ms }: SendParts): Promise<number> {
  const { data, seed, vantages, days } = config
  const progress = readProgress(data, now_ms)
  if (progress.is_done) return 0
  writeProgress(data, progress)
  const model: HistoryModel = { seed, vantages, calendar, span: { until_ms: progress.until_ms, days } }
  const byHost = new Map(sites.map((site) => [site.host, site]))
  const known = (await findTargets(api)).flatMap((target): KnownSite[] => {
    const site = byHost.get(target.host)
    return site === undefined || target.org_unit_id <= progress.sent_to_org_unit_id ? [] : [{ target, site }]
  })
  let accepted = 0
  for (let start = 0; start < known.length; start += SITES_PER_STEP) {
    const step = known.slice(start, start + SITES_PER_STEP)
    accepted += await sendSites(apiOf, step, model)
    progress.sent_to_org_unit_id = step.at(-1)?.target.org_unit_id ?? progress.sent_to_org_unit_id
    writeProgress(data, progress)
  }
  writeProgress(data, { ...progress, is_done: true })
  return accepted
}
