import { sql } from 'kysely'
import type { WorkingDayCalendar } from '../contract/index.ts'
import type { ReadExecutor } from '../db/executor.ts'
import { findExclusion, type DatedStatus } from '../domain/dated-status.ts'
import { isSchoolHour, type LocalHour } from '../domain/schedule.ts'

interface UnitStatus extends DatedStatus {
  building_id: number
}

/** Whether the hour of a test counts. */
export interface Circumstances {
  is_school_hour: boolean
  is_excused: boolean
}

/** Finds out, for the buildings of one batch, whether an hour is a school hour, and whether a dated status excuses it. */
export class CircumstanceFinder {
  readonly #statuses: ReadonlyMap<number, DatedStatus[][]>
  readonly #calendar: WorkingDayCalendar

  private constructor(statuses: ReadonlyMap<number, DatedStatus[][]>, calendar: WorkingDayCalendar) {
    this.#statuses = statuses
    this.#calendar = calendar
  }

  /** Reads the dated statuses of the buildings and of all that they belong to, as known now. */
  static async load(
    db: ReadExecutor,
    orgUnitIds: readonly number[],
    calendar: WorkingDayCalendar,
  ): Promise<CircumstanceFinder> {
    const { rows } = await sql<UnitStatus>`
      SELECT u.building_id, s.org_unit_id, s.valid_from, s.valid_to, s.change_set_no, s.status
        FROM (SELECT org_unit_id AS building_id, unnest(path) AS above_id FROM org_unit
               WHERE org_unit_id = ANY(${orgUnitIds}::bigint[])) u
        JOIN org_unit_status s ON s.org_unit_id = u.above_id
        LEFT JOIN source_void v ON v.source_kind = s.source_kind AND v.source_id = s.source_id
       WHERE v.source_id IS NULL`.execute(db)
    const byBuilding = Map.groupBy(rows, (row) => row.building_id)
    const statuses = new Map<number, DatedStatus[][]>()
    for (const [id, list] of byBuilding) {
      statuses.set(id, [...Map.groupBy(list, (row) => row.org_unit_id).values()])
    }
    return new CircumstanceFinder(statuses, calendar)
  }

  of(orgUnitId: number, at: LocalHour): Circumstances {
    const statuses = this.#statuses.get(orgUnitId) ?? []
    return {
      is_school_hour: isSchoolHour(at, this.#calendar),
      is_excused: statuses.some((ofOneUnit) => findExclusion(ofOneUnit, at.local_day) !== null),
    }
  }
}
