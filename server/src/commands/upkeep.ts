import type { Config } from '../config.ts'
import { systemAuthor } from '../db/audit-author.ts'
import { ensurePartitions } from '../db/measurement-partitions.ts'
import { forgetFiles } from '../files/forget-files.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 3600 * 1000

type UpkeepTerms = Pick<Config, 'accept_days' | 'speed_accept_days' | 'file_term_days'>

/** What the owner of the schema goes on doing, because the application may not. */
export interface Upkeep {
  /** Ends it, after what is under way. */
  end: () => Promise<void>
}

function makePartitions(ownerUrl: string, { accept_days, speed_accept_days }: UpkeepTerms): Promise<void> {
  const now = new Date()
  const before = (days: number): Date => new Date(now.getTime() - days * DAY_MS)
  return ensurePartitions(ownerUrl, { site_check: before(accept_days), speed_test: before(speed_accept_days) }, now)
}

async function forgetOldFiles(ownerUrl: string, { file_term_days }: UpkeepTerms): Promise<void> {
  const term = { file_term_days, now: new Date() }
  const { files, bytes } = await forgetFiles(ownerUrl, term, systemAuthor('storage term'))
  if (files > 0) console.log(`Files with personal data whose term was over: ${files} removed, ${bytes} bytes`)
}

/**
 * Makes the partitions that measurements will need, now and once a day: a process may run for months. Removes files
 * whose term is over, a minute from now and once a day. What fails is said and tried again the next day.
 */
export async function startUpkeep(ownerUrl: string, terms: UpkeepTerms): Promise<Upkeep> {
  await makePartitions(ownerUrl, terms)
  const running = new Set<Promise<void>>()
  const begin = (name: string, work: (ownerUrl: string, terms: UpkeepTerms) => Promise<void>) => (): void => {
    const run = work(ownerUrl, terms)
      .catch((error: unknown) => console.error(name, error))
      .finally(() => running.delete(run))
    running.add(run)
  }
  const partitions = begin('Partitions for the coming months were not made', makePartitions)
  const files = begin('Files whose term is over were not removed', forgetOldFiles)
  const timers = [setInterval(partitions, DAY_MS), setTimeout(files, MINUTE_MS), setInterval(files, DAY_MS)]
  return {
    end: async () => {
      for (const timer of timers) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
