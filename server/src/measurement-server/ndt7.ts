/**
 * The ndt7 protocol as far as both directions share it.
 * Source: M-Lab, ndt-server, spec/ndt7-protocol.md, version 0.9.
 */
export const NDT7_SUBPROTOCOL = 'net.measurementlab.ndt.v7'

export const DIRECTIONS = ['download', 'upload'] as const
export type Direction = (typeof DIRECTIONS)[number]

/** How long a direction takes, milliseconds. */
export interface TestLength {
  /** Time that is measured. */
  measured_ms: number
  /** The direction is cut off by then, whatever is still on the way. */
  longest_ms: number
}
export const TEST_LENGTH: Readonly<TestLength> = { measured_ms: 10_000, longest_ms: 13_000 }

/** Time between two measurement messages. */
export const MEASUREMENT_INTERVAL_MS = 250

const FIRST_MESSAGE_BYTES = 2 ** 13
/** Larger messages gain nothing on the server's side and cost memory for each test. */
const LARGEST_MESSAGE_BYTES = 2 ** 20
/** A client that uploads may send larger ones. */
export const LARGEST_UPLOAD_MESSAGE_BYTES = 2 ** 24
/** A client that downloads sends measurement messages at most. */
export const LARGEST_DOWNLOAD_ANSWER_BYTES = 2 ** 16
/** Messages grow once this many of the present size have left, so that slow lines keep small ones. */
const MESSAGES_OF_ONE_SIZE = 32

/** Size of the next message when `sent_bytes` have left with messages of up to `message_bytes`; 0: none yet. */
export function nextMessageBytes(message_bytes: number, sent_bytes: number): number {
  if (message_bytes === 0) return FIRST_MESSAGE_BYTES
  const isGrowing = message_bytes < LARGEST_MESSAGE_BYTES && sent_bytes >= message_bytes * MESSAGES_OF_ONE_SIZE
  return isGrowing ? message_bytes * 2 : message_bytes
}

/** A measurement message; further fields of the protocol are left out where the server does not know them. */
export interface Measurement {
  AppInfo: {
    /** Microseconds since the direction began. */
    ElapsedTime: number
    /** Bytes that the application has sent or received. */
    NumBytes: number
  }
  ConnectionInfo: { Client: string; Server: string; UUID: string }
  Origin: 'server'
  Test: Direction
}

/** Direction of a path, or null for another path. */
export function directionOf(path: string): Direction | null {
  return DIRECTIONS.find((direction) => path === `/ndt/v7/${direction}`) ?? null
}
