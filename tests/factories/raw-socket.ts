import { connect, type Socket } from 'node:net'

/** What a server answered on a raw connection. */
export interface RawAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** A connection that says what it likes. */
export class RawSocket {
  readonly socket: Socket
  #received = ''
  readonly closed: Promise<void>

  private constructor(socket: Socket) {
    this.socket = socket
    socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
    socket.on('data', (data) => {
      // The head of an answer is all that is looked at.
      if (this.#received.length < 65_536) this.#received += data.toString('latin1')
    })
  }

  static async open(port: number): Promise<RawSocket> {
    const socket = connect(port, '127.0.0.1')
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new RawSocket(socket)
  }

  send(data: string | Buffer): void {
    this.socket.write(data)
  }

  /** Asks for a WebSocket; `headers` replace the proper ones, null leaves one out. */
  upgrade(path: string, headers: Record<string, string | null> = {}): void {
    const all: Record<string, string | null> = {
      host: 'measure.example',
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-protocol': 'net.measurementlab.ndt.v7',
      ...headers,
    }
    const lines = Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
    this.send(`GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
  }

  /** The answer's head, and its body as far as it has come when the connection closed or was upgraded. */
  async answer(): Promise<RawAnswer> {
    while (!this.#received.includes('\r\n\r\n') && !this.socket.destroyed) await this.#more()
    const [, status = '0'] = /^HTTP\/1\.1 (\d{3})/.exec(this.#received) ?? []
    if (status !== '101') await this.closed
    const [head = '', body = ''] = this.#received.split('\r\n\r\n')
    const headers = Object.fromEntries(
      head
        .split('\r\n')
        .slice(1)
        .map((line) => {
          const [name = '', value = ''] = line.split(/: ?(.*)/)
          return [name.toLowerCase(), value]
        }),
    )
    return { status: Number(status), headers, body }
  }

  close(): void {
    this.socket.destroy()
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.socket.off('data', done)
        this.socket.off('close', done)
        resolve()
      }
      this.socket.on('data', done)
      this.socket.on('close', done)
    })
  }
}

const MASK = Buffer.alloc(4)

/** A frame of a client, masked with zeros; `declared_bytes` lets it say of itself what is not so. */
export function clientFrame(
  opcode: number,
  payload: Buffer,
  { declared_bytes = payload.length, is_last = true } = {},
): Buffer {
  const head = Buffer.alloc(10)
  head[0] = (is_last ? 0x80 : 0) | opcode
  head[1] = 0x80 | 127
  head.writeBigUInt64BE(BigInt(declared_bytes), 2)
  return Buffer.concat([head, MASK, payload])
}

/** Asks for a test and gives up the connection when it is answered. */
export async function askForTest(
  port: number,
  path: string,
  headers: Record<string, string | null> = {},
): Promise<RawAnswer> {
  const raw = await RawSocket.open(port)
  try {
    raw.upgrade(path, headers)
    return await raw.answer()
  } finally {
    raw.close()
  }
}
