import pg from 'pg'

const MONTHS_AHEAD = 2

/** First days of the months from `from` to `to`, both included, in UTC. */
function listMonths(from: Date, to: Date): Date[] {
  const months: Date[] = []
  const month = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), 1))
  while (month <= to) {
    months.push(new Date(month))
    month.setUTCMonth(month.getUTCMonth() + 1)
  }
  return months
}

/**
 * Makes the monthly partitions of site_check that are missing, from the month of `from` to two months ahead of `now`.
 * Needs the owner: the application role may not create tables.
 */
export async function ensureSiteCheckPartitions(ownerUrl: string, from: Date, now: Date): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    // A new partition waits for whoever reads the table, and ingest would wait behind it: better to come again later.
    await client.query(`SET lock_timeout = '10s'`)
    const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + MONTHS_AHEAD, 1))
    for (const month of listMonths(from, last)) {
      const next = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1))
      const name = `site_check_${month.toISOString().slice(0, 7).replace('-', '_')}`
      await client.query(
        `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF site_check
         FOR VALUES FROM ('${month.toISOString()}') TO ('${next.toISOString()}')`,
      )
    }
  } finally {
    await client.end()
  }
}
