import type { Insertable } from 'kysely'
import type { Provenance } from '../contract/index.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertRows } from '../db/insert-rows.ts'
import type { DB } from '../db/schema.gen.ts'
import { binOf } from '../domain/log-histogram.ts'
import type { LocalHour } from '../domain/schedule.ts'
import { VALIDITY_RULE_VERSION, type TestValidity } from '../domain/test-validity.ts'

/** A test as the ledger counts it. */
export interface CountedTest extends LocalHour {
  org_unit_id: number
  method: string
  validity: TestValidity
  download_kbps: number | null
  upload_kbps: number | null
  min_rtt_us: number | null
}

type HourRow = Insertable<DB['speed_hour']> & {
  tests: number
  download_kbps_sum: number
  upload_kbps_sum: number
  min_rtt_us_sum: number
  download_bins: number[]
  upload_bins: number[]
  min_rtt_bins: number[]
}

/** Gathers what one change set adds to local hours, or takes back: one row a unit, hour, method and validity. */
export class SpeedHours {
  readonly #rows = new Map<string, HourRow>()

  add(test: CountedTest): void {
    this.#count(test, 1)
  }

  /** What was counted as `test` is counted so no longer. A change set takes back and adds under one key never both. */
  takeBack(test: CountedTest): void {
    this.#count(test, -1)
  }

  #rowOf({ org_unit_id, local_day, local_hour, method, validity }: CountedTest): HourRow {
    const key = `${org_unit_id} ${local_day} ${local_hour} ${method} ${validity}`
    const known = this.#rows.get(key)
    if (known !== undefined) return known
    const made: HourRow = {
      ...{ org_unit_id, local_day, local_hour, method, validity },
      ...{ rule_version: VALIDITY_RULE_VERSION, change_set_no: 0, provenance: 'measured' },
      ...{ tests: 0, download_kbps_sum: 0, upload_kbps_sum: 0, min_rtt_us_sum: 0 },
      ...{ download_bins: [], upload_bins: [], min_rtt_bins: [] },
    }
    this.#rows.set(key, made)
    return made
  }

  #count(test: CountedTest, sign: 1 | -1): void {
    const row = this.#rowOf(test)
    row.tests += sign
    if (test.download_kbps !== null) {
      row.download_kbps_sum += sign * test.download_kbps
      row.download_bins.push(binOf(test.download_kbps))
    }
    if (test.upload_kbps !== null) {
      row.upload_kbps_sum += sign * test.upload_kbps
      row.upload_bins.push(binOf(test.upload_kbps))
    }
    if (test.min_rtt_us !== null) {
      row.min_rtt_us_sum += sign * test.min_rtt_us
      row.min_rtt_bins.push(binOf(test.min_rtt_us))
    }
  }

  async write(
    tx: WriteExecutor,
    { change_set_no, provenance }: { change_set_no: number; provenance: Provenance },
  ): Promise<void> {
    const rows = [...this.#rows.values()].map((row) => ({ ...row, change_set_no, provenance }))
    await insertRows(tx, 'speed_hour', rows)
  }
}
