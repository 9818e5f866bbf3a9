import { sql } from 'kysely'

/**
 * Body of a recursive `known (collector, vantage)`: every collector that ever reported. It steps from one to the next
 * along the key, since a week has far more reports than collectors.
 */
export const KNOWN_COLLECTORS = sql`
  (SELECT collector, vantage FROM collector_report ORDER BY collector, vantage LIMIT 1)
  UNION ALL
  SELECT next.collector, next.vantage
    FROM known
   CROSS JOIN LATERAL (SELECT collector, vantage FROM collector_report r
                        WHERE (r.collector, r.vantage) > (known.collector, known.vantage)
                        ORDER BY collector, vantage LIMIT 1) next`
