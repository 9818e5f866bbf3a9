import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import type { RecordedDirection, TestEnd } from '../contract/index.ts'
import { MEASUREMENT_INTERVAL_MS, nextMessageBytes, type Direction, type Measurement, type TestLength } from './ndt7.ts'

/** One direction that is to be run over an open connection. */
export interface TestRun {
  direction: Direction
  /** Places of the test, as measurement messages name them. */
  info: Measurement['ConnectionInfo']
  length: TestLength
}

const RANDOM_BYTES = 2 ** 20
/** A client that measures by its own clock may end this much before or after ours does. */
const CLOCK_ROOM_MS = 1000
const NORMAL_CLOSURE = 1000
/** No closing frame came. */
const ABNORMAL_CLOSURE = 1006

/** Bytes that no proxy can compress; the same for all tests. */
const payload = Buffer.alloc(RANDOM_BYTES)
for (let at = 0; at < RANDOM_BYTES; at += 65_536) crypto.getRandomValues(payload.subarray(at, at + 65_536))

/** Counts what has gone over the line in one direction. */
class Meter {
  readonly #socket: WebSocket
  readonly #line: Socket
  readonly #direction: Direction
  readonly #started = performance.now()
  readonly #read_before: number
  /** Bytes handed to the connection. */
  handed_bytes = 0

  constructor(socket: WebSocket, line: Socket, direction: Direction) {
    this.#socket = socket
    this.#line = line
    this.#direction = direction
    this.#read_before = line.bytesRead
  }

  get elapsed_ms(): number {
    return performance.now() - this.#started
  }

  /** What has left, or has come: the latter as the line counts it, for a large message comes in many parts. */
  get bytes(): number {
    if (this.#direction === 'upload') return this.#line.bytesRead - this.#read_before
    return Math.max(0, this.handed_bytes - this.#socket.bufferedAmount)
  }
}

/** Hands over random bytes until time is up; each message that has gone makes room for the next. */
function sendBytes(socket: WebSocket, meter: Meter, measured_ms: number): void {
  let message_bytes = nextMessageBytes(0, 0)
  const fill = (): void => {
    while (
      socket.readyState === socket.OPEN &&
      meter.elapsed_ms < measured_ms &&
      // One message ahead of the line keeps it full, and gets through when time is up.
      socket.bufferedAmount < message_bytes
    ) {
      message_bytes = nextMessageBytes(message_bytes, meter.bytes)
      meter.handed_bytes += message_bytes
      socket.send(payload.subarray(0, message_bytes), { binary: true, compress: false }, fill)
    }
  }
  fill()
}

function tellMeasurement(socket: WebSocket, meter: Meter, { direction, info }: TestRun): void {
  if (socket.readyState !== socket.OPEN) return
  const measurement: Measurement = {
    AppInfo: { ElapsedTime: Math.round(meter.elapsed_ms * 1000), NumBytes: meter.bytes },
    ConnectionInfo: info,
    Origin: 'server',
    Test: direction,
  }
  socket.send(JSON.stringify(measurement))
}

/** How a direction ended whose closing frame had this code, when nothing else was seen before. */
function endOf(code: number, elapsed_ms: number, measured_ms: number): TestEnd {
  // Clients cut a download whose rest takes too long to come: what has come until then is measured.
  if (code === ABNORMAL_CLOSURE) return elapsed_ms >= measured_ms ? 'cut_off' : 'broken'
  return elapsed_ms >= measured_ms - CLOCK_ROOM_MS ? 'complete' : 'closed_early'
}

/**
 * Runs one direction on an open connection and closes it. Never throws: whatever the client does is an end of its own.
 * A download is measured until the client has answered the closing frame, for by then all of it has got through; an
 * upload for its time, counted on the line.
 * @param line the connection under the WebSocket
 * @returns what the server saw
 */
export function runTest(socket: WebSocket, line: Socket, run: TestRun): Promise<RecordedDirection> {
  const { direction, length } = run
  const meter = new Meter(socket, line, direction)
  return new Promise((resolve) => {
    let end: TestEnd | null = null
    let measured: { bytes: number; duration_ms: number } | null = null
    const measure = (): void => {
      measured ??= { bytes: meter.bytes, duration_ms: Math.round(meter.elapsed_ms) }
    }
    const ticks = setInterval(() => tellMeasurement(socket, meter, run), MEASUREMENT_INTERVAL_MS)
    const timers = [
      setTimeout(() => {
        if (direction === 'download') {
          socket.close(NORMAL_CLOSURE)
          return
        }
        measure()
        end ??= 'complete'
      }, length.measured_ms),
      // Who uploads ends by its own clock; one that does not is told to.
      setTimeout(() => socket.close(NORMAL_CLOSURE), length.measured_ms + CLOCK_ROOM_MS),
      setTimeout(() => {
        measure()
        end ??= 'cut_off'
        socket.terminate()
      }, length.longest_ms),
    ]
    socket.on('error', () => {
      end ??= 'broken'
      socket.terminate()
    })
    socket.on('close', (code) => {
      clearInterval(ticks)
      for (const timer of timers) clearTimeout(timer)
      end ??= endOf(code, meter.elapsed_ms, length.measured_ms)
      measure()
      resolve({ end, ...(measured ?? { bytes: 0, duration_ms: 0 }) })
    })
    if (direction === 'download') sendBytes(socket, meter, length.measured_ms)
  })
}
