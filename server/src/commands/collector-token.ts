import { issueCollectorToken, issueMeasurementToken } from '../access/own-programs.ts'
import type { Config } from '../config.ts'
import type { WorkKind } from '../contract/index.ts'
import { dayInZone } from '../domain/region-day.ts'
import { withInstallation } from './reach-database.ts'

/** What one program does at most: what meets hostile sites reads no spreadsheets. */
const COLLECTOR_WORK = {
  sites: ['site_check', 'site_audit'],
  sheets: ['sheet_parse'],
} as const satisfies Record<string, readonly WorkKind[]>

/** A measurement server takes no work: it serves whoever comes with a ticket. */
const MEASUREMENT = 'measurement'
const NAME = /^[a-z0-9][a-z0-9._-]{0,59}$/

/** A collector or a measurement server as the command names it. */
export interface NamedCollector {
  name: string
  vantage: string
  work: string
}

function isWork(text: string): text is keyof typeof COLLECTOR_WORK {
  return Object.hasOwn(COLLECTOR_WORK, text)
}

/**
 * Prints a token of a collector or a measurement server, alone on its line, so that a shell can put it into the collector's secret file. The
 * one that an earlier call printed for the same collector is revoked.
 * @throws for a name, a vantage or a work that no collector has
 */
export async function printCollectorToken(config: Config, { name, vantage, work }: NamedCollector): Promise<void> {
  if (work !== MEASUREMENT && !isWork(work)) {
    throw new Error(`--work: found "${work}", expected ${[...Object.keys(COLLECTOR_WORK), MEASUREMENT].join(' or ')}`)
  }
  for (const [option, text] of Object.entries({ name, vantage })) {
    if (!NAME.test(text)) throw new Error(`--${option}: found "${text}", expected small letters, digits and . _ -`)
  }
  const today = dayInZone(new Date(), config.time_zone)
  const token = await withInstallation(config, (db) =>
    work === MEASUREMENT
      ? issueMeasurementToken(db, name, today)
      : issueCollectorToken(db, { name, vantage, work_kinds: COLLECTOR_WORK[work] }, today),
  )
  console.log(token)
}
