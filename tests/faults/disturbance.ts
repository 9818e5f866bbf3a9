/** Whether something was killed and is not back yet: what fails meanwhile is no fault, what fails otherwise is one. */
export class Disturbance {
  #kills = 0
  #isUnderWay = false
  /** What failed while nothing was killed. */
  readonly faults: string[] = []

  begin(): void {
    this.#kills += 1
    this.#isUnderWay = true
  }

  end(): void {
    this.#isUnderWay = false
  }

  /** Called where something begins. @returns what tells, where it has ended, whether it was disturbed */
  watch(): () => boolean {
    const kills = this.#kills
    const wasUnderWay = this.#isUnderWay
    return () => wasUnderWay || kills !== this.#kills
  }
}
