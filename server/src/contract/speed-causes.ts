/**
 * Why a speed test came to no result. None of them says that the line is slow: on the screen each reads «не смогли
 * измерить» with its cause. Closed: what fits nowhere is `other`, and a new kind of failure gets a line here.
 */
export const SPEED_CAUSES = [
  /** No network at all on the computer. */
  'no_network',
  /** Names are not resolved. */
  'dns_failed',
  /** The proxy wants a sign-in or refuses to pass the connection on. */
  'proxy_refused',
  /** The certificate is not the measurement server's: a filter opens the connection. */
  'tls_intercepted',
  /** HTTPS works, the WebSocket does not: it was answered by something else, or cut at the change of protocol. */
  'websocket_blocked',
  'connection_refused',
  'connection_timed_out',
  /** The connection broke in the middle of the test. */
  'connection_lost',
  /** All places of the measurement server were taken, also after waiting. */
  'server_busy',
  /** The measurement server answered with a failure of its own. */
  'server_failed',
  /** The ticket was used, too old or not ours. */
  'ticket_refused',
  /** The computer slept or its clock jumped during the test. */
  'interrupted',
  'other',
] as const
export type SpeedCause = (typeof SPEED_CAUSES)[number]
