interface GateLimits {
  uploads_at_once: number
  upload_bytes_at_once: number
}

/** Lets only so many uploads in at one time, by their number and by the memory that their bodies will take. */
export class UploadGate {
  readonly #limits: GateLimits
  #uploads = 0
  #bytes = 0

  constructor(limits: GateLimits) {
    this.#limits = limits
  }

  /** @returns how to leave again, to be called once or more often; null: there is no room now */
  enter(bytes: number): (() => void) | null {
    const { uploads_at_once, upload_bytes_at_once } = this.#limits
    if (this.#uploads >= uploads_at_once || this.#bytes + bytes > upload_bytes_at_once) return null
    this.#uploads += 1
    this.#bytes += bytes
    let isInside = true
    return () => {
      if (!isInside) return
      isInside = false
      this.#uploads -= 1
      this.#bytes -= bytes
    }
  }
}
