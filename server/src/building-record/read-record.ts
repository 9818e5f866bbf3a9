import { sql, type Kysely } from 'kysely'
import type { SpeedCause } from '../contract/index.ts'
import type { ReadExecutor } from '../db/executor.ts'
import type { DB } from '../db/schema.gen.ts'
import { speedTestsAsKnown } from '../db/speed-tests-as-known.ts'
import type { InternetRule } from '../domain/internet-rules.ts'
import { formatPeriod, periodEdges } from '../domain/periods.ts'
import type { TestValidity } from '../domain/test-validity.ts'
import { CodedError } from '../errors.ts'
import { findStandpoint, placePeriod, type EvaluationRequest } from '../indicators/evaluation-context.ts'
import { judgeContextPlaces, type PlaceJudgement } from '../indicators/place-judgements.ts'
import { ruleOf } from '../speed-verdicts/judge-places.ts'

/** One test as the record lists it. Speeds are whole kbps; null: not measured, or nobody else has seen it. */
export interface RecordedTest {
  tested_at: Date
  method: string
  provenance: string
  download_kbps: number | null
  upload_kbps: number | null
  server_download_kbps: number | null
  server_upload_kbps: number | null
  medium: string | null
  through_proxy: boolean | null
  validity: TestValidity
  cause: SpeedCause | null
  is_retest: boolean
  /** Of the rule that judged what the test is good for. */
  rule_version: number
}

/** All that the measurement record of one building says; an appeal to the operator rests on it. */
export interface BuildingRecord {
  judgement: PlaceJudgement
  /** That the verdicts were reached by. */
  rule: InternetRule
  period_title: string
  /** Last day that the record speaks of: the period's, or that of asking in a running one. */
  day: string
  time_zone: string
  known_at_change_set_no: number
  /** All tests of the period, also those that are good for nothing, by time. */
  tests: RecordedTest[]
}

interface TestWindow {
  org_unit_id: number
  from: Date
  to: Date
  known_at_change_set_no: number
}

async function listRecordedTests(db: ReadExecutor, window: TestWindow): Promise<RecordedTest[]> {
  const { rows } = await sql<RecordedTest>`
    SELECT tested_at, method, provenance, download_kbps, upload_kbps, server_download_kbps, server_upload_kbps, medium,
           through_proxy, validity, cause, retest_of IS NOT NULL AS is_retest, rule_version
      FROM ${speedTestsAsKnown(window.known_at_change_set_no)} t
     WHERE org_unit_id = ${window.org_unit_id} AND tested_at >= ${window.from} AND tested_at < ${window.to}
     ORDER BY tested_at, test_id`.execute(db)
  return rows
}

/**
 * Reads the record of one place for a month or a quarter. Asked again with the same `known_at` it is equal.
 * @throws EDU_PERIOD_INVALID, EDU_KNOWN_AT_INVALID, EDU_ORG_UNIT_NOT_FOUND; EDU_BAD_REQUEST for a unit with several places
 */
export async function readBuildingRecord(
  db: Kysely<DB>,
  request: EvaluationRequest & { territory_id: number },
): Promise<BuildingRecord> {
  const { territory_id, time_zone } = request
  const standpoint = await findStandpoint(db, request)
  const kind = standpoint.asked?.kind === 'quarter' ? 'quarter' : 'month'
  const { context, period } = placePeriod(kind, standpoint)
  const judged = await judgeContextPlaces(db, context, kind)
  const [judgement] = judged
  if (judgement === undefined) {
    throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'Здесь скорость Интернета не измеряется', {
      org_unit_id: territory_id,
    })
  }
  if (judged.length > 1) {
    throw new CodedError('EDU_BAD_REQUEST', 'Протокол составляется по зданию', { field: 'id', found: territory_id })
  }
  const { known_at_change_set_no } = context
  const { org_unit_id } = judgement.place
  const window = { ...periodEdges(period, time_zone), org_unit_id, known_at_change_set_no }
  return {
    ...{ judgement, time_zone, known_at_change_set_no, rule: ruleOf(period) },
    period_title: formatPeriod(period),
    day: context.day,
    tests: await listRecordedTests(db, window),
  }
}
