import Type from 'typebox'
import { Instant, nullable, OrgUnitId } from './primitives.ts'

/** When one building is to be tested. */
const BuildingPlan = Type.Object(
  {
    org_unit_id: OrgUnitId,
    name: Type.String(),
    tests_at: Type.Array(Instant, { description: 'Ascending; for weeks ahead, so that the agent can go on alone' }),
    low_below_kbps: nullable(
      Type.Integer({
        minimum: 1,
        description: 'A download below is low and is tested again; null: the norm of the place is not known',
      }),
    ),
  },
  { additionalProperties: false },
)

/** What a school's agent is to do. It keeps the last plan and goes on with it while the server is silent. */
export const AgentPlan = Type.Object(
  {
    issued_at: Instant,
    buildings: Type.Array(BuildingPlan, { description: 'Those of the school that the token is for' }),
    ping_interval_s: Type.Integer({
      minimum: 10,
      maximum: 3600,
      description: 'Between looks whether the server answers',
    }),
    retest_after_s: Type.Object(
      { from: Type.Integer({ minimum: 1 }), to: Type.Integer({ minimum: 1 }) },
      { additionalProperties: false, description: 'A low result is tested again after a random pause of this length' },
    ),
    late_limit_s: Type.Integer({
      minimum: 60,
      description: 'A test that could not begin within this time is left out',
    }),
  },
  { additionalProperties: false, $id: 'AgentPlan' },
)
export type AgentPlan = Type.Static<typeof AgentPlan>
