import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCheck } from '../../../collectors/src/school-agent/check-command.ts'
import type { AgentConfig } from '../../../collectors/src/school-agent/config.ts'
import { BUILDING, makePlan, SchoolServer, TOKEN } from './school-server.ts'

describe('edumon-agent check', () => {
  let server: SchoolServer
  let filter: Server
  let config: AgentConfig

  beforeEach(async () => {
    server = new SchoolServer()
    await server.start()
    filter = createServer().on('upgrade', (_request, socket) => {
      socket.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 0\r\n\r\n')
    })
    await new Promise<void>((done) => filter.listen(0, '127.0.0.1', done))
    server.measurement_url = `ws://127.0.0.1:${(filter.address() as AddressInfo).port}`
    const none = { building_id: null, proxy: null, is_proxy_stated: true, no_proxy: [], ca_file: null }
    config = { ...none, server: new URL(server.url), token: TOKEN, data_dir: '/nowhere', page_port: 0 }
  })
  afterEach(async () => {
    filter.closeAllConnections()
    filter.close()
    await server.stop()
  })

  async function check(changes: Partial<AgentConfig> = {}): Promise<{ isWell: boolean; text: string }> {
    const lines: string[] = []
    const isWell = await runCheck({ ...config, ...changes }, (line) => lines.push(line))
    return { isWell, text: lines.join('\n') }
  }

  it('names a filter that lets no WebSocket pass', async () => {
    const { isWell, text } = await check()
    expect(isWell).toBe(false)
    expect(text).toContain('✓ Сервер отвечает')
    expect(text).toContain('✓ Здание: Корпус 1')
    expect(text).toContain('✗ Измерение: фильтр не пропускает WebSocket')
  })

  it('stops at a server that cannot be reached', async () => {
    await server.stop()
    expect((await check()).text).toMatch(/✗ Сервер: сервер не принимает соединение[^\n]*$/)
  })

  it("takes a filter's page for no server", async () => {
    server.spoil = () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' })
    expect((await check()).text).toContain('✗ Сервер: отвечает не сервер мониторинга')
  })

  it('names a key that is not known', async () => {
    server.spoil = (path) =>
      path === '/api/v1/health' ? null : { status: 401, body: '{"code":"EDU_UNAUTHENTICATED"}' }
    expect((await check()).text).toContain('✗ Ключ школы: сервер не принимает ключ школы')
  })

  it('lists the buildings when there are several and none is chosen', async () => {
    const [building] = makePlan([]).buildings
    if (building === undefined) throw new Error('a plan without buildings')
    server.plan = makePlan([], { buildings: [building, { ...building, org_unit_id: 8, name: 'Корпус 2' }] })
    expect((await check()).text).toMatch(new RegExp(`building_id[^\n]*\n *${BUILDING}  Корпус 1\n *8  Корпус 2$`))
    expect((await check({ building_id: 8 })).text).toContain('✓ Здание: Корпус 2')
  })

  it('tells by how much the clock is wrong', async () => {
    server.now = () => Date.now() + 3_600_000
    const { text } = await check()
    expect(text).toMatch(/✗ Часы отстают на (3[56]\d\d) с/)
  })
})
