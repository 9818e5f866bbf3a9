import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

export interface BlackholeOrder {
  addresses: readonly string[]
  ports: readonly number[]
}

/** A queue of backlog 1 holds two connections; the third attempt finds it full. */
const QUEUE_LENGTH = 2

function fillQueue(host: string, port: number): Promise<Socket>[] {
  return Array.from({ length: QUEUE_LENGTH }, async () => {
    const socket = connect({ host, port })
    await once(socket, 'connect')
    socket.on('error', () => socket.destroy())
    return socket.unref()
  })
}

/**
 * Addresses where connecting hangs until the client's own time limit: a thread listens with the shortest queue, never
 * accepts, and the queue is filled. Returns what ends it.
 */
export async function openBlackhole(order: BlackholeOrder): Promise<() => Promise<void>> {
  const worker = new Worker(new URL('./blackhole-worker.ts', import.meta.url), { workerData: order })
  await once(worker, 'message')
  const fillers = await Promise.all(
    order.addresses.flatMap((host) => order.ports.flatMap((port) => fillQueue(host, port))),
  )
  return async () => {
    for (const filler of fillers) filler.destroy()
    await worker.terminate()
  }
}
