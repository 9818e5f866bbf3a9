import Type from 'typebox'
import {
  AUDIT_OUTCOMES,
  Instant,
  literalUnion,
  nullable,
  OrgUnitId,
  SITE_CAUSE_CODES,
  SITE_VERDICTS,
  Uuid,
  WORK_KINDS,
} from '../../contract/index.ts'
import { RECHECK_STATES } from '../../ingest/recheck-work.ts'

const count = Type.Integer({ minimum: 0 })

/** One collector at one vantage: what it was sent for, what came, and how it fares. */
export const CollectorRow = Type.Object(
  {
    name: Type.String(),
    vantage: Type.String(),
    version: Type.String(),
    kinds: Type.Array(literalUnion(WORK_KINDS), { description: 'Kinds of work that it took within the window' }),
    last_report_at: Instant,
    last_measurement_at: nullable(Type.String({ description: 'Last batch that held something new; null: none' })),
    expected: Type.Integer({ minimum: 0, description: 'Leases given within the window that have ended since' }),
    received: Type.Integer({ minimum: 0, description: 'Measurements taken in within the window' }),
    rejected: count,
    spooled: nullable(count),
    event_loop_p999_ms: nullable(Type.Number()),
    memory_mb: nullable(count),
    own_link: literalUnion(['up', 'down', 'not_watched'], 'By the witness targets of its last report'),
  },
  { $id: 'CollectorRow' },
)

export const WorkQueue = Type.Object(
  {
    kind: literalUnion(WORK_KINDS),
    vantage: nullable(Type.String({ description: 'Null: any vantage may take it' })),
    planned: Type.Integer({ minimum: 0, description: 'All rows of work, due or not' }),
    due: Type.Integer({ minimum: 0, description: 'Due and not leased' }),
    leased: count,
    overdue: Type.Integer({ minimum: 0, description: 'Due for longer than five minutes and not leased' }),
    oldest_due_at: nullable(Instant),
  },
  { $id: 'WorkQueue' },
)

export const CheckSchedule = Type.Object(
  {
    school_hours_interval_s: count,
    other_hours_interval_s: count,
    incident_interval_s: count,
    audit_interval_s: count,
    retry_delay_s: count,
    attempts_per_round: count,
    rounds_to_open: count,
    rounds_to_close: count,
    lease_s: count,
    is_shortened: Type.Boolean({ description: "Some interval differs from production's" }),
    vantages: Type.Array(Type.String()),
  },
  { $id: 'CheckSchedule' },
)

export const CollectorsOverview = Type.Object(
  {
    seen_at: Instant,
    window_hours: Type.Integer({ description: 'Hours that expected, received and rejected are counted over' }),
    schedule: Type.Ref('CheckSchedule'),
    queues: Type.Array(Type.Ref('WorkQueue')),
    rows: Type.Array(Type.Ref('CollectorRow')),
  },
  { $id: 'CollectorsOverview' },
)

export const CollectorsQuery = Type.Object({ window_hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 168 })) })
export type CollectorsQuery = Type.Static<typeof CollectorsQuery>

export const RecheckParams = Type.Object({ org_unit_id: OrgUnitId, target_id: Uuid })
export type RecheckParams = Type.Static<typeof RecheckParams>

export const RecheckAnswer = Type.Object(
  { queued: Type.Integer({ minimum: 1, description: 'Rows of work that are due now' }) },
  { $id: 'RecheckAnswer' },
)

export const RecheckProgress = Type.Object(
  {
    works: Type.Array(
      Type.Object({
        kind: literalUnion(['site_check', 'site_audit']),
        state: literalUnion(RECHECK_STATES, 'idle: the last one is done, and none is due'),
      }),
    ),
    last_checked_at: nullable(Instant),
    last_verdict_at: nullable(Instant),
    verdict: nullable(literalUnion(SITE_VERDICTS)),
    cause: nullable(literalUnion(SITE_CAUSE_CODES)),
    last_audited_at: nullable(Instant),
    audit_outcome: nullable(literalUnion(AUDIT_OUTCOMES)),
  },
  { $id: 'RecheckProgress' },
)
