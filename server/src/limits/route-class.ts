/** Classes of routes by what one request may cost. A route's class follows from what it declares. */
export const ROUTE_CLASSES = ['operation', 'public', 'sign_in', 'read', 'write', 'upload', 'collect', 'export'] as const
export type RouteClass = (typeof ROUTE_CLASSES)[number]

/** What one class may cost. */
export interface ClassLimits {
  body_bytes: number
  /** From the last header to the answer. */
  time_ms: number
  /** Requests of one subject in a minute, in one process; settings may change it. */
  rate_per_minute: number
}

const KIB = 1024
const MIB = 1024 * KIB

/** Collectors hand in batches of 1,000 rows every second, and a whole office of people may share one address. */
export const CLASS_LIMITS: Readonly<Record<RouteClass, ClassLimits>> = {
  operation: { body_bytes: KIB, time_ms: 10_000, rate_per_minute: 1200 },
  public: { body_bytes: 16 * KIB, time_ms: 30_000, rate_per_minute: 6000 },
  sign_in: { body_bytes: 16 * KIB, time_ms: 15_000, rate_per_minute: 120 },
  read: { body_bytes: 16 * KIB, time_ms: 60_000, rate_per_minute: 3000 },
  write: { body_bytes: 8 * MIB, time_ms: 300_000, rate_per_minute: 600 },
  upload: { body_bytes: 64 * MIB, time_ms: 300_000, rate_per_minute: 120 },
  collect: { body_bytes: 16 * MIB, time_ms: 120_000, rate_per_minute: 12_000 },
  export: { body_bytes: 16 * KIB, time_ms: 120_000, rate_per_minute: 120 },
}

interface DeclaredRoute {
  capability: string
  method: string | readonly string[]
  /** What the route says of itself, where capability and method do not tell it. */
  declared: RouteClass | undefined
}

/** Class of a route; null: it must say, because what anybody may do without signing in is not all alike. */
export function findRouteClass({ capability, method, declared }: DeclaredRoute): RouteClass | null {
  if (declared !== undefined) return declared
  if (capability === 'collect' || capability === 'speed:submit') return 'collect'
  const isRead = [method].flat().every((name) => name === 'GET' || name === 'HEAD')
  if (capability === 'public') return isRead ? 'public' : null
  return isRead ? 'read' : 'write'
}
