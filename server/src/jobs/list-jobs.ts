import { sealEvents } from '../audit/seal-events.ts'
import { removeOutdatedRecords } from './retention.ts'
import { sumSchoolDays } from './sum-school-days.ts'
import type { TimedJob } from './timed-jobs.ts'

const DAY_MS = 86_400_000
const LOOK_EVERY_MS = 10 * 60_000
const SEAL_EVERY_MS = 60_000

/** All jobs that the API process runs by the clock. */
export function listJobs({ accept_days }: { accept_days: number }): TimedJob[] {
  return [
    {
      name: 'retention',
      every_ms: DAY_MS,
      lock_key: 20_200_701,
      run: (db) => removeOutdatedRecords(db, { accept_days, now: new Date() }),
    },
    {
      name: 'sums of school days',
      every_ms: LOOK_EVERY_MS,
      lock_key: 20_200_702,
      run: (db) => sumSchoolDays(db, new Date()),
    },
    {
      // Its log line carries the head of the chain out of the database.
      name: 'audit seals',
      every_ms: SEAL_EVERY_MS,
      lock_key: 20_200_705,
      run: sealEvents,
    },
  ]
}
