import type { AgentPlan, WorkingDayCalendar } from '../../contract/index.ts'
import { listTests } from '../../domain/agent-schedule.ts'
import { findExclusion, type DatedStatus } from '../../domain/dated-status.ts'
import { internetRuleOn, type InternetRule } from '../../domain/internet-rules.ts'
import type { TestedBuilding } from './queries.ts'

/** An agent may be without the server for a month, and goes on meanwhile. */
const PLANNED_DAYS = 35
const PING_INTERVAL_S = 300
/** Long enough for what disturbed the first test to pass, and within the time that the schedule leaves free. */
const RETEST_AFTER_S = { from: 300, to: 1500 }
const LATE_LIMIT_S = 900
/** Times are the same for whoever asks again; they are no secret, and none can be bought. */
const SEED = 'edumon'

export interface PlanQuestion {
  now: Date
  /** Day of the region's calendar, YYYY-MM-DD. */
  today: string
  buildings: readonly TestedBuilding[]
  /** By unit. */
  statuses: ReadonlyMap<number, readonly DatedStatus[]>
  tests_per_day: number
  zone: string
  calendar: WorkingDayCalendar
  internet_rules: readonly InternetRule[]
}

/** The plan of one school's agents from today on. */
export function makePlan(question: PlanQuestion): AgentPlan {
  const { buildings, calendar, internet_rules, now, statuses, tests_per_day, today, zone } = question
  const { norm } = internetRuleOn(today, internet_rules)
  const rules = { tests_per_day, seed: SEED, zone, calendar }
  return {
    issued_at: now.toISOString(),
    buildings: buildings.map(({ org_unit_id, name, path, settlement_kind }) => {
      const isExcused = (day: string) => path.some((id) => findExclusion(statuses.get(id) ?? [], day) !== null)
      const times = listTests(org_unit_id, { from_day: today, days: PLANNED_DAYS }, rules, isExcused)
      return {
        org_unit_id,
        name,
        tests_at: times.map((time) => new Date(time).toISOString()),
        low_below_kbps: settlement_kind === null ? null : norm.kbps[settlement_kind],
      }
    }),
    ping_interval_s: PING_INTERVAL_S,
    retest_after_s: RETEST_AFTER_S,
    late_limit_s: LATE_LIMIT_S,
  }
}
