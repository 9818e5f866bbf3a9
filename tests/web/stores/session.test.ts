import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { SessionPerson } from '../../../web/src/api/schemas.ts'
import { refuse, serveApi } from '../local-api.ts'

const personOf = (login: string, state: SessionPerson['state'] = 'complete'): SessionPerson => ({
  ...{ login, display_name: login, state, grants: [] },
  capabilities: ['sites:read'],
})
let person: SessionPerson | null = null
let isServing = true
serveApi(() =>
  isServing
    ? [200, { person, has_openid_connect: false, demo_accounts: [] }]
    : refuse(503, 'EDU_DATABASE_UNAVAILABLE', 'База данных недоступна'),
)

async function startStore() {
  const { useSessionStore } = await import('../../../web/src/stores/session.ts')
  return useSessionStore()
}
beforeEach(() => {
  setActivePinia(createPinia())
  person = personOf('vera')
  isServing = true
})

describe('useSessionStore', () => {
  it('lets do what the API allows, once the sign-in is complete', async () => {
    const session = await startStore()
    person = personOf('vera', 'second_factor')
    await session.load()
    expect(session.holder).toBeNull()
    expect(session.can('sites:read')).toBe(false)
    person = personOf('vera')
    await session.load()
    expect(session.holder?.login).toBe('vera')
    expect(session.can('sites:read')).toBe(true)
    expect(session.can('users:manage')).toBe(false)
  })

  it('says so when nobody can tell who is signed in', async () => {
    const session = await startStore()
    isServing = false
    await session.ensureLoaded()
    expect(session.isUnreachable).toBe(true)
  })

  it('keeps the page of a lost session for the same person alone', async () => {
    const session = await startStore()
    await session.load()
    person = null
    await session.noticeLoss()
    expect(session.isLost).toBe(true)
    expect(session.holder?.login).toBe('vera')

    person = personOf('oleg')
    await session.load()
    expect(session.resume()).toBe(false)
    expect(session.isLost).toBe(true)

    person = personOf('vera')
    await session.load()
    expect(session.resume()).toBe(true)
    expect(session.isLost).toBe(false)
  })

  it('loses no session that there was not', async () => {
    const session = await startStore()
    person = null
    await session.noticeLoss()
    expect(session.isLost).toBe(false)
  })

  it('tells whether somebody is fully signed in now, and no when it cannot ask', async () => {
    const session = await startStore()
    expect(await session.lookAgain()).toBe(true)
    person = personOf('vera', 'enrol_second_factor')
    expect(await session.lookAgain()).toBe(false)
    isServing = false
    expect(await session.lookAgain()).toBe(false)
  })
})
