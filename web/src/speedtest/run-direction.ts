import type { Amount, Direction, News } from './ndt7-messages.ts'

/** Longer than any direction takes, with the time to connect. */
const GIVE_UP_MS = 25_000

/** Why a direction was not measured: no connection came about, or it broke. */
export class DirectionFailed extends Error {
  override readonly name = 'DirectionFailed'
  readonly was_open: boolean

  constructor(was_open: boolean) {
    super('The direction was not measured')
    this.was_open = was_open
  }
}

export interface Leave {
  server_url: string
  access_token: string
}

/**
 * Measures one direction in a worker.
 * @throws DirectionFailed
 */
export function runDirection(
  { server_url, access_token }: Leave,
  direction: Direction,
  onProgress: (amount: Amount) => void,
): Promise<Amount> {
  const worker = new Worker(new URL('./ndt7-worker.ts', import.meta.url), { type: 'module' })
  return new Promise<Amount>((resolve, reject) => {
    const timer = setTimeout(() => reject(new DirectionFailed(true)), GIVE_UP_MS)
    worker.addEventListener('error', () => reject(new DirectionFailed(false)))
    worker.addEventListener('message', ({ data }: MessageEvent<News>) => {
      if (data.kind === 'progress') {
        onProgress(data.amount)
        return
      }
      clearTimeout(timer)
      if (data.kind === 'done') resolve(data.amount)
      else reject(new DirectionFailed(data.was_open))
    })
    worker.postMessage({ direction, url: `${server_url}/ndt/v7/${direction}?access_token=${access_token}` })
  }).finally(() => worker.terminate())
}
