import { sql, type Kysely } from 'kysely'
import type { FastifyBaseLogger } from 'fastify'
import type { DB } from '../db/schema.gen.ts'

const MINUTE_MS = 60_000

/** Work that comes back by the clock. Its lock lets one process at a time do it, however many serve one database. */
export interface TimedJob {
  name: string
  every_ms: number
  /** Key of the advisory lock; each job has its own. */
  lock_key: number
  run: (db: Kysely<DB>) => Promise<object>
}

/**
 * Runs a job once unless another process is at it.
 * @returns what the job counted; null when it was another's turn
 */
export function runTimedJob(db: Kysely<DB>, job: TimedJob): Promise<object | null> {
  return db.connection().execute(async (connection) => {
    const lock = await sql<{ is_mine: boolean }>`SELECT pg_try_advisory_lock(${job.lock_key}) AS is_mine`.execute(
      connection,
    )
    if (lock.rows[0]?.is_mine !== true) return null
    try {
      return await job.run(connection)
    } finally {
      await sql`SELECT pg_advisory_unlock(${job.lock_key})`.execute(connection)
    }
  })
}

/** Runs each job a minute from now and then at its interval. A run that fails is logged and tried again at the next. */
export function startTimedJobs(
  db: Kysely<DB>,
  jobs: readonly TimedJob[],
  log: FastifyBaseLogger,
): { stop: () => Promise<void> } {
  const running = new Set<Promise<void>>()
  const begin = (job: TimedJob): void => {
    const run = runTimedJob(db, job)
      .then((counts) => log.info({ job: job.name, counts }, counts === null ? 'job is run elsewhere' : 'job done'))
      .catch((error: unknown) => log.error({ err: error, job: job.name }, 'job failed'))
      .finally(() => running.delete(run))
    running.add(run)
  }
  const timers = jobs.flatMap((job) => [
    setTimeout(() => begin(job), MINUTE_MS),
    setInterval(() => begin(job), job.every_ms),
  ])
  return {
    stop: async () => {
      for (const timer of timers) clearTimeout(timer)
      await Promise.all(running)
    },
  }
}
