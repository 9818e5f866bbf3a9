import pg from 'pg'

const MONTHS_AHEAD = 2

/** Tables that are kept by month. */
export type PartitionedTable = 'site_check' | 'speed_test'

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

async function ensureTablePartitions(client: pg.Client, table: PartitionedTable, months: Date[]): Promise<void> {
  for (const month of months) {
    const next = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 1))
    const name = `${table}_${month.toISOString().slice(0, 7).replace('-', '_')}`
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${name} PARTITION OF ${table}
       FOR VALUES FROM ('${month.toISOString()}') TO ('${next.toISOString()}')`,
    )
  }
}

/**
 * Makes the monthly partitions that are missing: of each named table from its month to two months ahead of `now`.
 * Needs the owner: the application role may not create tables.
 */
export async function ensurePartitions(
  ownerUrl: string,
  from: Readonly<Partial<Record<PartitionedTable, Date>>>,
  now: Date,
): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    // A new partition waits for whoever reads the table, and ingest would wait behind it: better to come again later.
    await client.query(`SET lock_timeout = '10s'`)
    const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + MONTHS_AHEAD, 1))
    for (const [table, first] of Object.entries(from)) {
      await ensureTablePartitions(client, table as PartitionedTable, listMonths(first, last))
    }
  } finally {
    await client.end()
  }
}
