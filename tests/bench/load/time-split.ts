/** Mean parts of a request's time, milliseconds. */
export interface TimeSplit {
  /** Statements that PostgreSQL worked on; those that ran side by side are added up. */
  database_ms: number
  /** Waiting for a connection of the pool. */
  queue_ms: number
  /** The rest: routing, checks, serialising, and waiting for the event loop. */
  node_ms: number
}

/** Sums over all reads since the start of the API. */
interface TimeSums {
  requests: number
  total_s: number
  database_s: number
  queue_s: number
  /** What was added since an earlier reading, for each request. */
  since: (earlier: TimeSums) => TimeSplit
}

/** Of reads alone: collectors hand in their measurements meanwhile. */
function sumOf(exposition: string, metric: string): number {
  const lines = exposition.split('\n').filter((line) => line.startsWith(`${metric}{`) && line.includes('method="GET"'))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}

/** Reads the API's own figures of where requests spend their time. */
export async function readTimeSplit(url: string): Promise<TimeSums> {
  const answer = await fetch(`${url}/metrics`)
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`)
  const exposition = await answer.text()
  const sums = {
    requests: sumOf(exposition, 'edumon_http_request_duration_seconds_count'),
    total_s: sumOf(exposition, 'edumon_http_request_duration_seconds_sum'),
    database_s: sumOf(exposition, 'edumon_http_request_database_seconds_total'),
    queue_s: sumOf(exposition, 'edumon_http_request_pool_wait_seconds_total'),
  }
  return {
    ...sums,
    since(earlier) {
      const mean = (field: 'total_s' | 'database_s' | 'queue_s'): number =>
        ((sums[field] - earlier[field]) * 1000) / Math.max(1, sums.requests - earlier.requests)
      const [total, database_ms, queue_ms] = [mean('total_s'), mean('database_s'), mean('queue_s')]
      return { database_ms, queue_ms, node_ms: Math.max(0, total - database_ms - queue_ms) }
    },
  }
}
