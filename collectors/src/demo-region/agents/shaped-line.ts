import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

/** A line that carries TCP at a speed, or one behind a filter that answers every request with a page of its own. */
export interface ShapedLine {
  port: number
  close: () => Promise<void>
}

/** Pieces that pass at once: at 8 Мбит/с one takes 16 ms. */
const PIECE_BYTES = 16_384
/** A pause shorter than this would only cost the processor. */
const LEAST_PAUSE_MS = 4
/** Timers are late: what was not carried meanwhile may follow, up to this much. */
const SAVED_MS = 20
const BLOCK_PAGE = '<!doctype html><title>Доступ ограничен</title><p>Страница заблокирована фильтром'

/** One direction of the line, shared by its connections: a token bucket that may not save up more than a moment. */
class Direction {
  readonly #bytes_per_ms: number
  #free_at = 0

  constructor(kbps: number) {
    this.#bytes_per_ms = kbps / 8
  }

  /** Waits until so many bytes may pass. */
  async pass(bytes: number): Promise<void> {
    const now = performance.now()
    this.#free_at = Math.max(this.#free_at, now - SAVED_MS) + bytes / this.#bytes_per_ms
    const wait_ms = this.#free_at - now
    if (wait_ms >= LEAST_PAUSE_MS) await delay(wait_ms)
  }

  shape(): Transform {
    return new Transform({
      highWaterMark: PIECE_BYTES,
      transform: (chunk: Buffer, _encoding, done) => {
        this.pass(chunk.length).then(() => done(null, chunk), done)
      },
    })
  }
}

/** Carries one direction to its end; what is cut on one side is cut on the other, what ends arrives whole. */
function join(from: Socket, to: Socket, direction: Direction): void {
  from.pipe(direction.shape()).pipe(to)
  // A broken connection closes too: what it means is decided there.
  from.on('error', () => undefined)
  from.on('close', () => {
    if (!from.readableEnded) to.destroy()
  })
}

async function listen(onConnection: (socket: Socket) => void): Promise<ShapedLine> {
  const open = new Set<Socket>()
  const server = createServer({ highWaterMark: PIECE_BYTES }, (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    onConnection(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

/** Opens a line to a server on this machine that carries `kbps` in each direction. */
export function openShapedLine(server: { host: string; port: number }, kbps: number): Promise<ShapedLine> {
  const down = new Direction(kbps)
  const up = new Direction(kbps)
  return listen((client) => {
    const far = connect({ ...server, noDelay: true })
    client.setNoDelay(true)
    join(client, far, up)
    join(far, client, down)
  })
}

/** Opens a line whose filter lets no WebSocket through: it answers with its own page. */
export function openFilteredLine(): Promise<ShapedLine> {
  const head = `HTTP/1.1 403 Forbidden\r\ncontent-type: text/html; charset=utf-8\r\nconnection: close\r\n`
  const answer = `${head}content-length: ${Buffer.byteLength(BLOCK_PAGE)}\r\n\r\n${BLOCK_PAGE}`
  return listen((client) => {
    client.on('error', () => client.destroy())
    client.once('data', () => client.end(answer))
  })
}
