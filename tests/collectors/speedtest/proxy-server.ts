import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

export interface SmallProxy {
  url: URL
  /** Authorities that a tunnel was asked for. */
  asked: string[]
  close: () => void
}

/** A proxy of HTTP that tunnels with CONNECT, or answers each such request with a status of its own. */
export async function startSmallProxy(answer_status: number | null = null): Promise<SmallProxy> {
  const asked: string[] = []
  const server = createServer((_request, answer) => answer.writeHead(405).end())
  const open = new Set<{ destroy: () => void }>()
  server.on('connect', ({ url = '' }, client, head) => {
    asked.push(url)
    open.add(client)
    client.on('error', () => undefined)
    if (answer_status !== null) {
      client.end(`HTTP/1.1 ${answer_status} Refused\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const { hostname, port } = new URL(`http://${url}`)
    const far = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      far.write(head)
      far.pipe(client).pipe(far)
    })
    open.add(far)
    far.on('error', () => client.destroy())
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    asked,
    close: () => {
      for (const socket of open) socket.destroy()
      server.closeAllConnections()
      server.close()
    },
  }
}
