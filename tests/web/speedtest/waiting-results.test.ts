import { beforeEach, describe, expect, it } from 'vitest'
import { describeTest, makeUuid } from '../../../web/src/speedtest/browser-test.ts'
import { addWaiting, listWaiting, sendWaiting } from '../../../web/src/speedtest/waiting-results.ts'
import { serveApi, type ApiAnswer } from '../local-api.ts'

let sent: { code: string; agent_id: string; test: { id: string } }[] = []
let answer: ApiAnswer = [200, {}]

serveApi(({ path, body }) => {
  if (path !== '/api/v1/speed-tests/browser') return [404]
  sent.push(body as (typeof sent)[number])
  return answer
})

const amount = { bytes: 12_500_000, duration_ms: 10_000 }
const measured = { org_unit_id: 7, ticket_id: makeUuid(), started_at: new Date(), download: amount, upload: amount }
const makeResult = () => ({ code: 'abcd2345', test: describeTest({ ...measured, cause: null }) })

beforeEach(() => {
  localStorage.clear()
  sent = []
  answer = [200, {}]
})

describe('results that wait in the browser', () => {
  it('are sent oldest first, once, all under the id of this browser', async () => {
    const results = [makeResult(), makeResult()]
    for (const result of results) addWaiting(result)
    expect(await sendWaiting()).toBe(0)
    expect(await sendWaiting()).toBe(0)
    expect(sent.map(({ test }) => test.id)).toEqual(results.map(({ test }) => test.id))
    expect(new Set(sent.map(({ agent_id }) => agent_id)).size).toBe(1)
  })

  it.each([[429], [500], [503]])('are kept while the server answers %i, and sent later', async (status) => {
    addWaiting(makeResult())
    answer = [status, {}]
    expect(await sendWaiting()).toBe(1)
    answer = [200, {}]
    expect(await sendWaiting()).toBe(0)
  })

  it('are not sent again when the server will never take them', async () => {
    addWaiting(makeResult())
    answer = [400, {}]
    expect(await sendWaiting()).toBe(0)
  })

  it('are bounded: the oldest goes', () => {
    const results = Array.from({ length: 51 }, makeResult)
    for (const result of results) addWaiting(result)
    expect(listWaiting().map(({ test }) => test.id)).toEqual(results.slice(1).map(({ test }) => test.id))
  })

  it('survive whatever else stands in their place', () => {
    localStorage.setItem('edumon-speed-results', '{broken')
    expect(listWaiting()).toEqual([])
  })
})

describe('describeTest', () => {
  it('says kilobits of a thousand per second, and nothing of a direction that was not reached', () => {
    const test = describeTest({ ...measured, upload: null, cause: 'connection_lost' })
    expect(test.download).toEqual({ ...amount, kbps: 10_000 })
    expect(test).toMatchObject({ upload: null, cause: 'connection_lost', method: 'browser' })
    expect(test.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
