import { createSocket } from 'node:dgram'

export type DnsReply = readonly string[] | 'not_found' | 'failed' | 'silent'

/** A name server on loopback that answers A queries by `answer`; other types get an empty answer. */
export async function startDnsServer(
  answer: (name: string) => DnsReply,
): Promise<{ address: string; close: () => void }> {
  const socket = createSocket('udp4')
  socket.on('message', (query, from) => {
    const labels: string[] = []
    let at = 12
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length))
      at += 1 + length
    }
    const question = query.subarray(12, at + 5)
    const reply = answer(labels.join('.').toLowerCase())
    if (reply === 'silent') return
    const rcode = reply === 'not_found' ? 3 : reply === 'failed' ? 2 : 0
    const addresses = typeof reply === 'string' || query.readUInt16BE(at + 1) !== 1 ? [] : reply
    const header = Buffer.alloc(12)
    header.writeUInt16BE(query.readUInt16BE(0), 0)
    header.writeUInt16BE(0x8180 | rcode, 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(addresses.length, 6)
    const records = addresses.map((address) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]),
    )
    socket.send(Buffer.concat([header, question, ...records]), from.port, from.address)
  })
  await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done))
  return { address: `127.0.0.1:${socket.address().port}`, close: () => socket.close() }
}
