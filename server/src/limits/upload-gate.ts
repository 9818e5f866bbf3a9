interface GateLimits {
  uploads_at_once: number
  upload_bytes_at_once: number
}

/** Uploads of one subject at one time: somebody with slow bodies leaves room for all others. */
const UPLOADS_OF_ONE = 2

/**
 * Lets only so many uploads in at one time: by their number, by how many of them are one subject's, and by the memory
 * that their bodies will take.
 */
export class UploadGate {
  readonly #limits: GateLimits
  #uploads = 0
  readonly #bySubject = new Map<string, number>()
  #bytes = 0

  constructor(limits: GateLimits) {
    this.#limits = limits
  }

  /** @returns how to leave again, to be called once or more often; null: there is no room now */
  enter(subject: string, bytes: number): (() => void) | null {
    const { uploads_at_once, upload_bytes_at_once } = this.#limits
    const own = this.#bySubject.get(subject) ?? 0
    if (own >= UPLOADS_OF_ONE) return null
    if (this.#uploads >= uploads_at_once || this.#bytes + bytes > upload_bytes_at_once) return null
    this.#uploads += 1
    this.#bytes += bytes
    this.#bySubject.set(subject, own + 1)
    let isInside = true
    return () => {
      if (!isInside) return
      isInside = false
      this.#uploads -= 1
      this.#bytes -= bytes
      this.#leave(subject)
    }
  }

  #leave(subject: string): void {
    const left = (this.#bySubject.get(subject) ?? 1) - 1
    if (left === 0) this.#bySubject.delete(subject)
    else this.#bySubject.set(subject, left)
  }
}
