import type { Amount, Direction, News, Order } from './ndt7-messages.ts'

/**
 * Measures one direction by ndt7, off the page's own thread. A download counts what came here. An upload counts what the
 * server says has come there: what a browser has handed over may still wait on this side of the line.
 */
const SUBPROTOCOL = 'net.measurementlab.ndt.v7'
const TEST_MS = 10_000
/** What was cut off before says too little. */
const ENOUGH_MS = 5000
const PROGRESS_EVERY_MS = 250
const FIRST_MESSAGE_BYTES = 2 ** 13
const LARGEST_MESSAGE_BYTES = 2 ** 20
const MESSAGES_OF_ONE_SIZE = 16
const MESSAGES_AHEAD = 7
const RANDOM_BYTES_AT_ONCE = 2 ** 16

function tell(news: News): void {
  postMessage(news)
}

/** Bytes that no proxy can compress. */
function makePayload(): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(LARGEST_MESSAGE_BYTES)
  for (let at = 0; at < payload.length; at += RANDOM_BYTES_AT_ONCE) {
    crypto.getRandomValues(payload.subarray(at, at + RANDOM_BYTES_AT_ONCE))
  }
  return payload
}

/** What a measurement message of the server says has come there; null: it says nothing of that. */
function readServerAmount(text: string): Amount | null {
  const { AppInfo } = JSON.parse(text) as { AppInfo?: { ElapsedTime?: number; NumBytes?: number } }
  const { ElapsedTime, NumBytes } = AppInfo ?? {}
  return ElapsedTime === undefined || NumBytes === undefined
    ? null
    : { bytes: NumBytes, duration_ms: Math.round(ElapsedTime / 1000) }
}

/** Hands over bytes until time is up, as many ahead as keep the line full. */
function sendBytes(socket: WebSocket, started: number): void {
  const payload = makePayload()
  let message_bytes = FIRST_MESSAGE_BYTES
  let handed_bytes = 0
  const fill = (): void => {
    if (socket.readyState !== WebSocket.OPEN) return
    if (performance.now() - started >= TEST_MS) {
      socket.close()
      return
    }
    while (socket.bufferedAmount < message_bytes * MESSAGES_AHEAD) {
      const sent_bytes = handed_bytes - socket.bufferedAmount
      if (message_bytes < LARGEST_MESSAGE_BYTES && sent_bytes >= message_bytes * MESSAGES_OF_ONE_SIZE)
        message_bytes *= 2
      socket.send(payload.subarray(0, message_bytes))
      handed_bytes += message_bytes
    }
    setTimeout(fill, 0)
  }
  fill()
}

function watchDirection(socket: WebSocket, direction: Direction): void {
  let started: number | null = null
  let told_at = 0
  let amount: Amount = { bytes: 0, duration_ms: 0 }
  socket.addEventListener('open', () => {
    started = performance.now()
    if (direction === 'upload') sendBytes(socket, started)
  })
  socket.addEventListener('message', ({ data }: MessageEvent<Blob | string>) => {
    const elapsed_ms = performance.now() - (started ?? 0)
    if (direction === 'download') {
      amount = { bytes: amount.bytes + (typeof data === 'string' ? data.length : data.size), duration_ms: elapsed_ms }
    } else if (typeof data === 'string') {
      amount = readServerAmount(data) ?? amount
    }
    if (elapsed_ms - told_at < PROGRESS_EVERY_MS) return
    told_at = elapsed_ms
    tell({ kind: 'progress', amount })
  })
  socket.addEventListener('close', () => {
    const duration_ms = Math.round(amount.duration_ms)
    if (duration_ms >= ENOUGH_MS) tell({ kind: 'done', amount: { ...amount, duration_ms } })
    else tell({ kind: 'failed', was_open: started !== null })
  })
}

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  watchDirection(new WebSocket(data.url, SUBPROTOCOL), data.direction)
})
