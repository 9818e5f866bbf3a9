import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'

export interface Listening {
  address: string
  /** 0: any free port. */
  port: number
  onConnection: (socket: Socket) => void
}

/** One listening address and port that can be taken down, as a hoster's outage does, and put up again. */
export class AddressListener {
  readonly address: string
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #port: number

  constructor({ address, port, onConnection }: Listening) {
    this.address = address
    this.#port = port
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      onConnection(socket)
    })
  }

  /** Listens and returns the port. Rejects when the address is taken. */
  async open(): Promise<number> {
    if (this.#server.listening) return this.#port
    this.#server.listen({ host: this.address, port: this.#port, backlog: 1024 })
    await once(this.#server, 'listening')
    const bound = this.#server.address()
    if (bound !== null && typeof bound === 'object') this.#port = bound.port
    return this.#port
  }

  /** Refuses new connections and cuts the open ones. */
  async close(): Promise<void> {
    if (!this.#server.listening) return
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }
}
