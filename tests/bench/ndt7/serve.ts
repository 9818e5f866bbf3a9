import { startMeasurementServer } from '../../../server/src/measurement-server/measurement-server.ts'

/** A measurement server in a process of its own that takes any word for a ticket; it prints the port it listens on. */
const [host = '127.0.0.1'] = process.argv.slice(2)
const server = await startMeasurementServer({
  ...{ host, port: 0, tls: null, places: 200, trusted_proxies: [] },
  readTicket: (ticket_id) => Promise.resolve({ ticket_id, issued_at_ms: 0, expires_at_ms: 0 }),
  onOver: () => undefined,
})
console.log(JSON.stringify({ port: server.port }))
