import { AsyncLocalStorage } from 'node:async_hooks'

/** Where one piece of work has spent its time, milliseconds; statements that ran side by side are added up. */
export interface QueryTimes {
  /** PostgreSQL worked on statements, or their rows were on the way. */
  database_ms: number
  /** Waiting for a connection of the pool. */
  pool_wait_ms: number
}

const storage = new AsyncLocalStorage<QueryTimes>()

/** Runs work whose statements are added to `times`, whatever it awaits. */
export function withQueryTimes<T>(times: QueryTimes, work: () => T): T {
  return storage.run(times, work)
}

/** Adds to the work that runs now; outside of any, to nothing. */
export function addQueryTime(part: keyof QueryTimes, duration_ms: number): void {
  const times = storage.getStore()
  if (times !== undefined) times[part] += duration_ms
}
