/** Between three quarters and five quarters of the time, so that collectors do not come in step. */
export const jittered = (wait_ms: number): number => wait_ms * (0.75 + Math.random() / 2)

/** Waits for a time, or until told to stop. */
export function pause(wait_ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, wait_ms)
    stop.addEventListener('abort', end)
    if (stop.aborted) end()
  })
}
