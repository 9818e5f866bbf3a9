import { describe, expect, it } from 'vitest'
import { decidePage, toLocalPath } from '../../web/src/decide-page.ts'

describe('toLocalPath', () => {
  it.each([
    ['/schools?verdict=works#top', '/schools?verdict=works#top'],
    ['/a/../sites', '/sites'],
    ['//example.org/', '/'],
    ['/\\example.org', '/'],
    ['https://example.org/', '/'],
    ['javascript:alert(1)', '/'],
    ['schools', '/'],
    ['', '/'],
    [['/sites', '/schools'], '/'],
    [undefined, '/'],
  ])('leads %o to %s', (word, path) => expect(toLocalPath(word)).toBe(path))
})

describe('decidePage', () => {
  const page = { name: 'schools', meta: {}, query: {}, fullPath: '/schools?verdict=works' }
  const signIn = {
    name: 'sign-in',
    meta: { isOpen: true },
    query: { to: '/schools' },
    fullPath: '/sign-in?to=/schools',
  }

  it('lets in whoever is signed in', () => expect(decidePage(true, page)).toBe(true))
  it('leads others to the sign-in page, which knows the way back', () =>
    expect(decidePage(false, page)).toEqual({ name: 'sign-in', query: { to: '/schools?verdict=works' } }))
  it('keeps no way back to the first page', () =>
    expect(decidePage(false, { ...page, name: 'home', fullPath: '/' })).toEqual({ name: 'sign-in', query: {} }))
  it('shows an open page to everybody', () => {
    const link = { name: 'sign-in-link', meta: { isOpen: true }, query: {}, fullPath: '/sign-in/link' }
    expect(decidePage(false, link)).toBe(true)
    expect(decidePage(true, link)).toBe(true)
  })
  it('leads on from the sign-in page once one is signed in', () => {
    expect(decidePage(false, signIn)).toBe(true)
    expect(decidePage(true, signIn)).toBe('/schools')
    expect(decidePage(true, { ...signIn, query: { to: '//example.org/' } })).toBe('/')
  })
})
