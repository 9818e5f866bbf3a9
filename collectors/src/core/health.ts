import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { CollectorHealth } from '@edumon/server/contract'

export interface HealthMonitor {
  /** Figures since the last call. */
  take: (spooled: number) => CollectorHealth
  close: () => void
}

const RESOLUTION_MS = 5

/** Watches the event loop: timings of probes are only as good as its delay is small. */
export function createHealthMonitor(): HealthMonitor {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  return {
    take(spooled) {
      // The histogram holds the time between two ticks of its timer: the delay is what exceeds the timer's period.
      const p999_ms = delays.count === 0 ? 0 : Math.max(0, delays.percentile(99.9) / 1e6 - RESOLUTION_MS)
      delays.reset()
      return {
        event_loop_p999_ms: Math.round(p999_ms * 10) / 10,
        spooled,
        memory_mb: Math.round(process.memoryUsage.rss() / 1_048_576),
      }
    },
    close: () => void delays.disable(),
  }
}
