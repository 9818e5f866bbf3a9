import { request } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import type { Server } from 'node:http'
import type { AgentStatus } from '../../../collectors/src/school-agent/agent-status.ts'
import { startPageServer } from '../../../collectors/src/school-agent/page-server.ts'
import { renderStatusPage } from '../../../collectors/src/school-agent/status-page.ts'
import { makeTest } from './agent-scene.ts'

const STATUS: AgentStatus = {
  agent_version: '0.1.0',
  building: 'Корпус <1>',
  is_testing: false,
  faults: [],
  last_sent_at: null,
  waiting: 3,
  dropped: 0,
  set_aside: 0,
  last_result: null,
  next_test_at: null,
  plan_issued_at: null,
}

describe('the local page', () => {
  let server: Server | null = null
  afterEach(() => server?.close())

  it('says the result, and a cause instead of a speed, in plain words', () => {
    const direction = { bytes: 1, duration_ms: 1, kbps: 93_450 }
    const measured = makeTest({ cause: null, download: direction, upload: direction })
    expect(renderStatusPage({ ...STATUS, last_result: measured })).toContain('приём 93,5 Мбит/с')
    const page = renderStatusPage({
      ...STATUS,
      last_result: makeTest({ cause: 'websocket_blocked' }),
      faults: ['token_refused'],
    })
    expect(page).toContain('не смогли измерить: фильтр не пропускает WebSocket')
    expect(page).toContain('Сервер не принимает ключ школы')
    expect(page).not.toContain('замечаний нет')
  })

  it('takes no markup from names', () => {
    expect(renderStatusPage(STATUS)).toContain('Корпус &lt;1&gt;')
  })

  it('answers this computer by its own names alone, and only to be read', async () => {
    const page = await startPageServer(0, () => STATUS)
    server = page.server
    const ask = (host: string, method = 'GET', path = '/') =>
      new Promise<number>((done, fail) => {
        request({ host: '127.0.0.1', port: page.port, method, path, headers: { host, connection: 'close' } })
          .on('response', (answer) => {
            answer.resume()
            done(answer.statusCode ?? 0)
          })
          .on('error', fail)
          .end()
      })
    expect(await ask(`127.0.0.1:${page.port}`)).toBe(200)
    expect(await ask(`localhost:${page.port}`)).toBe(200)
    expect(await ask(`evil.example:${page.port}`)).toBe(421)
    expect(await ask(`127.0.0.1:${page.port}`, 'POST')).toBe(405)
    expect(await ask(`127.0.0.1:${page.port}`, 'GET', '/other')).toBe(404)
    expect(page.server.address()).toMatchObject({ address: '127.0.0.1' })
  })
})
