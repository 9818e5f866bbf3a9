import type { Insertable } from 'kysely'
import type { Provenance } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { DB } from '../db/schema.gen.ts'
import { shareHours, SITE_HOUR_RULE_VERSION, type TimedVerdict } from '../domain/availability.ts'
import { findExclusion, type DatedStatus } from '../domain/dated-status.ts'

interface HourTarget {
  org_unit_id: number
  target_id: string
}

/** Gathers what the verdicts of one batch add to local hours, one row per target, hour and validity. */
export class HourLedger {
  readonly #rows = new Map<string, Insertable<DB['site_hour']>>()
  readonly #zone: string
  readonly #cap_s: number
  readonly #statuses: ReadonlyMap<number, DatedStatus[]>

  constructor(zone: string, cap_s: number, statuses: ReadonlyMap<number, DatedStatus[]>) {
    this.#zone = zone
    this.#cap_s = cap_s
    this.#statuses = statuses
  }

  isExcluded(orgUnitId: number, day: string): boolean {
    return findExclusion(this.#statuses.get(orgUnitId) ?? [], day) !== null
  }

  add(target: HourTarget, before: TimedVerdict | null, next: TimedVerdict): void {
    const { org_unit_id, target_id } = target
    const shares = shareHours(before, next, this.#cap_s, this.#zone, (day) => this.isExcluded(org_unit_id, day))
    for (const share of shares) {
      const key = `${target_id} ${share.local_day} ${share.local_hour} ${share.validity}`
      const known = this.#rows.get(key)
      if (known === undefined) {
        this.#rows.set(key, {
          ...share,
          org_unit_id,
          target_id,
          rule_version: SITE_HOUR_RULE_VERSION,
          change_set_no: 0,
        })
        continue
      }
      known.verdicts += share.verdicts
      known.observed_s += share.observed_s
      known.up_s += share.up_s
    }
  }

  async write(tx: WriteExecutor, stamp: { change_set_no: number; provenance: Provenance }): Promise<void> {
    const { change_set_no, provenance } = stamp
    await insertRows(
      tx,
      'site_hour',
      [...this.#rows.values()].map((row) => ({ ...row, change_set_no, provenance })),
    )
  }
}
