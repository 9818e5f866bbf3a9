/** Causes that a page can tell apart; the words are those of the API's closed list. */
export const BROWSER_CAUSES = [
  'no_network',
  'websocket_blocked',
  'connection_refused',
  'connection_lost',
  'server_busy',
] as const
export type BrowserCause = (typeof BROWSER_CAUSES)[number]

const ASK_LIMIT_MS = 5000

async function ask(url: string): Promise<unknown> {
  try {
    const answer = await fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(ASK_LIMIT_MS) })
    return answer.ok ? await answer.json() : null
  } catch {
    return null
  }
}

/**
 * Why a direction came to nothing. A browser tells a page no more than that: so the measurement server and our own are
 * asked by plain requests, which a filter that cuts WebSockets lets through.
 */
export async function findCause(server_url: string, was_open: boolean): Promise<BrowserCause> {
  if (!navigator.onLine) return 'no_network'
  const places = (await ask(`${server_url.replace(/^ws/, 'http')}/ndt/v7/health`)) as {
    places: number
    taken: number
  } | null
  if (places !== null) {
    if (was_open) return 'connection_lost'
    return places.taken >= places.places ? 'server_busy' : 'websocket_blocked'
  }
  const isOursThere = (await ask('/api/v1/health')) !== null
  if (!isOursThere) return 'no_network'
  return was_open ? 'connection_lost' : 'connection_refused'
}
