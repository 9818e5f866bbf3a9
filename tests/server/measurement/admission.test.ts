import { afterEach, describe, expect, it } from 'vitest'
import { TestMeasurementServer } from '../../factories/measurement-server.ts'
import { askForTest, RawSocket } from '../../factories/raw-socket.ts'

let server: TestMeasurementServer

afterEach(() => server.close())

async function begin(direction: string, access_token: string): Promise<RawSocket> {
  const raw = await RawSocket.open(server.port)
  raw.upgrade(`/ndt/v7/${direction}?access_token=${access_token}`)
  expect((await raw.answer()).status).toBe(101)
  return raw
}

const health = async (): Promise<unknown> => (await fetch(`http://127.0.0.1:${server.port}/ndt/v7/health`)).json()

describe('the measurement server', () => {
  it('tells whoever finds all places taken when to come back, and says the same to pages of others', async () => {
    server = await TestMeasurementServer.start({ places: 1 })
    const running = await begin('download', (await server.ticket()).access_token)
    const { access_token } = await server.ticket()
    const busy = await askForTest(server.port, `/ndt/v7/download?access_token=${access_token}`)
    expect(busy.status).toBe(503)
    const retry_after_s = Number(busy.headers['retry-after'])
    expect(retry_after_s).toBeGreaterThan(10)
    expect(retry_after_s).toBeLessThanOrEqual(19)
    expect(await health()).toEqual({ places: 1, taken: 1 })
    running.close()
  })

  it('keeps the place between the two directions, and gives it back when the second does not come', async () => {
    server = await TestMeasurementServer.start({ places: 1, between_ms: 1000 })
    const first = await server.ticket()
    const second = await server.ticket()
    const down = await begin('download', first.access_token)
    down.close()
    const up = await begin('upload', first.access_token)
    expect((await askForTest(server.port, `/ndt/v7/download?access_token=${second.access_token}`)).status).toBe(503)
    up.close()
    await server.record(first.ticket_id)
    const next = await begin('upload', second.access_token)
    next.close()
    expect(await server.record(second.ticket_id)).toMatchObject({ download: null, upload: { end: 'broken' } })
    expect(await health()).toEqual({ places: 1, taken: 0 })
  })

  it('reports the tests that it cuts when it stops', async () => {
    server = await TestMeasurementServer.start({ between_ms: 60_000 })
    const { ticket_id, access_token } = await server.ticket()
    await begin('download', access_token)
    await server.close()
    expect(server.records).toMatchObject([{ ticket_id, download: { end: 'broken' }, upload: null }])
  })
})
