import { setTimeout as delay } from 'node:timers/promises'

/** Long enough for a machine whose other programs leave it little: what is judged here is loss, not speed. */
const PATIENCE_MS = 240_000

/** Waits until something holds. @throws when it does not in four minutes */
export async function waitFor(what: string, isDone: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${PATIENCE_MS / 1000} seconds`)
    await delay(20)
  }
}
