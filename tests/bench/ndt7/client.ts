import { randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import { nextMessageBytes, NDT7_SUBPROTOCOL, TEST_LENGTH } from '../../../server/src/measurement-server/ndt7.ts'

/**
 * A client of the bench in a process of its own: some streams at once in one direction. It prints the sum of their
 * speeds. A download is what came here; an upload is what the server says has come there.
 */
const [url = '', direction = 'download', streams = '1'] = process.argv.slice(2)
const MESSAGES_AHEAD = 4
const payload = Buffer.alloc(2 ** 20, 'x')

interface Amount {
  bytes: number
  duration_ms: number
}

function upload(socket: WebSocket): void {
  const started = performance.now()
  let message_bytes = nextMessageBytes(0, 0)
  let handed = 0
  const fill = (): void => {
    if (socket.readyState !== socket.OPEN) return
    if (performance.now() - started >= TEST_LENGTH.measured_ms) {
      socket.close()
      return
    }
    while (socket.bufferedAmount < message_bytes * MESSAGES_AHEAD) {
      message_bytes = nextMessageBytes(message_bytes, handed - socket.bufferedAmount)
      handed += message_bytes
      socket.send(payload.subarray(0, message_bytes), { binary: true }, fill)
    }
  }
  fill()
}

function runStream(): Promise<Amount> {
  const socket = new WebSocket(`${url}/ndt/v7/${direction}?access_token=${randomUUID()}`, NDT7_SUBPROTOCOL, {
    perMessageDeflate: false,
  })
  return new Promise((resolve, reject) => {
    let amount: Amount = { bytes: 0, duration_ms: 0 }
    let started = 0
    socket.on('open', () => {
      started = performance.now()
      if (direction === 'upload') upload(socket)
    })
    socket.on('message', (data: Buffer, isBinary) => {
      if (direction === 'download') {
        amount = { bytes: amount.bytes + data.length, duration_ms: performance.now() - started }
      } else if (!isBinary) {
        const { AppInfo } = JSON.parse(data.toString()) as { AppInfo: { NumBytes: number; ElapsedTime: number } }
        amount = { bytes: AppInfo.NumBytes, duration_ms: AppInfo.ElapsedTime / 1000 }
      }
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(amount))
  })
}

const amounts = await Promise.all(Array.from({ length: Number(streams) }, runStream))
const mbps = amounts.reduce((sum, { bytes, duration_ms }) => sum + (bytes * 8) / duration_ms / 1000, 0)
console.log(JSON.stringify({ mbps }))
