import Type from 'typebox'
import {
  Day,
  Instant,
  literalUnion,
  nullable,
  OrgUnitId,
  SITE_CAUSE_CODES,
  SITE_VERDICTS,
  SVEDEN_SUBSECTIONS,
  Uuid,
} from '../../contract/index.ts'
import { FINDING_KINDS } from '../../domain/objections.ts'
import { EXCLUSION_CODES } from '../../indicators/exclusions.ts'

const text = nullable(Type.String())
const count = Type.Integer({ minimum: 0 })

const SchoolTask = Type.Object(
  {
    finding: literalUnion(FINDING_KINDS),
    subsection: nullable(literalUnion(SVEDEN_SUBSECTIONS)),
    subsection_title: text,
    outcome: Type.String({ description: 'Verdict; invalid or none of a certificate; presence of a subsection' }),
    cause: nullable(literalUnion(SITE_CAUSE_CODES)),
    violations: count,
    headline: nullable(Type.String({ description: 'In Russian; null when the pages have words for it' })),
    asks: text,
    source: nullable(Type.String({ description: 'Act and point' })),
    remedy: text,
    since: Type.String({ description: 'Day since which it was found' }),
    mend_by: Type.String({ description: 'Last day to mend it' }),
  },
  { $id: 'SchoolTask' },
)

const SchoolTasks = Type.Object(
  {
    org_unit_id: OrgUnitId,
    short_name: Type.String(),
    target_id: Uuid,
    url: Type.String(),
    host: Type.String(),
    verdict: nullable(literalUnion(SITE_VERDICTS)),
    last_checked_at: nullable(Instant),
    last_audited_at: nullable(Instant),
    findings: Type.Array(Type.Ref('SchoolTask')),
  },
  { $id: 'SchoolTasks' },
)

const school = { org_unit_id: OrgUnitId, short_name: Type.String() }

const MunicipalityTasks = Type.Object(
  {
    ...school,
    expected: Type.Integer({ minimum: 0, description: 'Sites that should have reported' }),
    reported: count,
    unreported: Type.Array(Type.Object({ ...school, reason: literalUnion(EXCLUSION_CODES) })),
    deviating: Type.Array(
      Type.Object({ ...school, indicators: Type.Array(Type.String(), { description: 'Codes of indicators' }) }),
    ),
  },
  { $id: 'MunicipalityTasks' },
)

const Tasks = Type.Object(
  {
    today: Day,
    mend_term_days: Type.Integer({ description: 'Working days to mend a finding' }),
    schools: Type.Array(Type.Ref('SchoolTasks'), { description: 'Sites of own schools' }),
    municipalities: Type.Array(Type.Ref('MunicipalityTasks')),
    may_decide: Type.Boolean({ description: 'Decides objections' }),
    objections: Type.Array(Type.Ref('ObjectionRow'), { description: 'Undecided, by term, and lately decided ones' }),
  },
  { $id: 'Tasks' },
)

export const TASK_SCHEMAS = [SchoolTask, SchoolTasks, MunicipalityTasks, Tasks]
