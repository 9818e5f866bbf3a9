import type { RouteLocationNormalized, RouteLocationRaw } from 'vue-router'

/**
 * An address of our own pages from a word that anybody may have put into a link; "/" for every other one: a sign-in
 * must not lead to a foreign site.
 */
export function toLocalPath(word: unknown): string {
  if (typeof word !== 'string' || !word.startsWith('/') || !URL.canParse(word, location.origin)) return '/'
  const url = new URL(word, location.origin)
  return url.origin === location.origin ? `${url.pathname}${url.search}${url.hash}` : '/'
}

/** Where an address leads: on, or to the sign-in page, which returns to the address afterwards. */
export function decidePage(
  isSignedIn: boolean,
  to: Pick<RouteLocationNormalized, 'name' | 'meta' | 'query' | 'fullPath'>,
): true | RouteLocationRaw {
  if (to.name === 'sign-in' && isSignedIn) return toLocalPath(to.query['to'])
  if (isSignedIn || to.meta.isOpen === true) return true
  return { name: 'sign-in', query: to.fullPath === '/' ? {} : { to: to.fullPath } }
}
