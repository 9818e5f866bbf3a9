import { once } from 'node:events'
import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import type { BlackholeOrder } from './blackhole.ts'

const { addresses, ports } = workerData as BlackholeOrder

for (const host of addresses) {
  for (const port of ports) {
    const server = createServer()
    server.listen({ host, port, backlog: 1 })
    await once(server, 'listening')
  }
}
parentPort?.postMessage('listening')
// Nothing is accepted from here on: the queues fill, and the kernel drops every further attempt to connect.
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
