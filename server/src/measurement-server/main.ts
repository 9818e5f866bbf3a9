import { pino } from 'pino'
import { readConfig, type Config } from '../config.ts'
import { describeError, loggerOptions } from '../log-lines.ts'
import { ApiClient } from './api-client.ts'
import { startMeasurementServer } from './measurement-server.ts'
import { RecordDelivery } from './record-delivery.ts'
import { TicketReader } from './ticket-reader.ts'

/** Cuts running tests and hands over what was seen. @returns the process's exit code */
async function stop(
  server: { close: () => Promise<void> },
  delivery: RecordDelivery,
  limit_s: number,
): Promise<number> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<number>((resolve) => {
    timer = setTimeout(() => resolve(1), limit_s * 1000)
  })
  const done = server.close().then(async () => ((await delivery.stop()) === 0 ? 0 : 1))
  const code = await Promise.race([done, late])
  clearTimeout(timer)
  return code
}

async function serve({ measurement, token, log_level, transport }: Config): Promise<void> {
  if (token === null) throw new Error('The measurement server needs EDUMON_TOKEN, a token of the kind "measurement"')
  const log = pino(loggerOptions(log_level) || { level: 'silent' })
  const api = new ApiClient({ api_url: measurement.api_url, token }, (error) =>
    log.warn({ err: describeError(error) }, 'the API could not be spoken with'),
  )
  const delivery = new RecordDelivery({
    send: (records) => api.sendRecords(records),
    onLost: (why, records) => log.error({ why, records }, 'records of tests were lost: the tests stay unconfirmed'),
  })
  const tickets = new TicketReader({
    server_url: measurement.url,
    fetchKey: () => api.fetchKey(),
    onTrouble: (error) => log.warn({ err: describeError(error) }, 'the key of tickets could not be had'),
  })
  const server = await startMeasurementServer({
    ...measurement,
    trusted_proxies: transport.trusted_proxies,
    readTicket: (text) => tickets.read(text),
    onOver: (record) => {
      log.info({ record }, 'test over')
      delivery.add(record)
    },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void stop(server, delivery, transport.stop_limit_s).then((code) => process.exit(code))
    })
  }
  const { host, places, url } = measurement
  log.info({ host, port: server.port, places, url, tls: measurement.tls !== null }, 'measurement server listens')
}

/** The measurement server's process: measures until it is told to stop. */
try {
  await serve(readConfig())
} catch (error) {
  pino().fatal({ err: describeError(error) }, 'the measurement server did not start')
  process.exit(1)
}
