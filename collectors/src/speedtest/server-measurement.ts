/** What we read of a measurement message of the server; null: it does not say. */
export interface ServerMeasurement {
  received_bytes: number | null
  elapsed_us: number | null
  min_rtt_us: number | null
}

function part(value: unknown, name: string): Record<string, unknown> {
  const found =
    value !== null && typeof value === 'object' && name in value ? (value as Record<string, unknown>)[name] : null
  return found !== null && typeof found === 'object' ? (found as Record<string, unknown>) : {}
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : null
}

/**
 * Reads one measurement message (ndt7 specification, "Measurement message"): AppInfo with NumBytes and ElapsedTime in
 * microseconds, TCPInfo with BytesReceived and MinRTT. Null for what is no such message.
 */
export function readServerMeasurement(text: string): ServerMeasurement | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const [app, tcp] = [part(value, 'AppInfo'), part(value, 'TCPInfo')]
  const app_bytes = positive(app['NumBytes'])
  return {
    received_bytes: app_bytes ?? positive(tcp['BytesReceived']),
    elapsed_us: app_bytes === null ? positive(tcp['ElapsedTime']) : positive(app['ElapsedTime']),
    min_rtt_us: positive(tcp['MinRTT']),
  }
}
