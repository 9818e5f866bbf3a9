import { dayInZone } from '../domain/region-day.ts'
import { clearSpeedTickets } from './clear-speed-tickets.ts'
import { clearSignIns } from './clear-sign-ins.ts'
import { refreshStructure } from './refresh-structure.ts'
import { sealEvents } from '../audit/seal-events.ts'
import { storeVerdicts } from '../speed-verdicts/store-verdicts.ts'
import { removeOutdatedRecords } from './retention.ts'
import { sumSchoolDays } from './sum-school-days.ts'
import { sumSpeedTests } from './sum-speed-tests.ts'
import type { TimedJob } from './timed-jobs.ts'

const DAY_MS = 86_400_000
const LOOK_EVERY_MS = 10 * 60_000
const SEAL_EVERY_MS = 60_000

export interface JobSettings {
  accept_days: number
  speed_accept_days: number
  time_zone: string
}

/** All jobs that the API process runs by the clock. */
export function listJobs({ accept_days, speed_accept_days, time_zone }: JobSettings): TimedJob[] {
  return [
    {
      name: 'retention',
      every_ms: DAY_MS,
      lock_key: 20_200_701,
      run: (db) => removeOutdatedRecords(db, { accept_days, speed_accept_days, now: new Date() }),
    },
    {
      name: 'sums of school days',
      every_ms: LOOK_EVERY_MS,
      lock_key: 20_200_702,
      run: (db) => sumSchoolDays(db, new Date()),
    },
    {
      name: 'sums of speed tests',
      every_ms: LOOK_EVERY_MS,
      lock_key: 20_200_706,
      run: (db) => sumSpeedTests(db, { now: new Date(), time_zone }),
    },
    {
      name: "today's structure",
      every_ms: LOOK_EVERY_MS,
      lock_key: 20_200_703,
      run: (db) => refreshStructure(db, dayInZone(new Date(), time_zone)),
    },
    { name: 'old speed tickets', every_ms: DAY_MS, lock_key: 20_200_711, run: clearSpeedTickets },
    {
      name: 'speed verdicts',
      every_ms: LOOK_EVERY_MS,
      lock_key: 20_200_708,
      run: (db) => storeVerdicts(db, new Date(), time_zone),
    },
    { name: 'traces of sign-ins', every_ms: DAY_MS, lock_key: 20_200_704, run: clearSignIns },
    {
      // Its log line carries the head of the chain out of the database.
      name: 'audit seals',
      every_ms: SEAL_EVERY_MS,
      lock_key: 20_200_705,
      run: sealEvents,
    },
  ]
}
