import type { SpeedTest } from '@edumon/server/contract'
import type { AgentParts, SchoolAgent } from './agent.ts'
import { findBuilding, findNextTest } from './due-test.ts'
import type { Fault } from './faults.ts'

/** What the local page shows. Instants are RFC 3339; null: never, or not known. */
export interface AgentStatus {
  agent_version: string
  building: string | null
  is_testing: boolean
  faults: Fault[]
  last_sent_at: string | null
  waiting: number
  dropped: number
  set_aside: number
  last_result: SpeedTest | null
  next_test_at: string | null
  plan_issued_at: string | null
}

export function describeStatus(agent: SchoolAgent, { agent_version, clock, file, spool }: AgentParts): AgentStatus {
  const { begun, dropped, last_result, last_sent_at, plan, retest, set_aside } = file.state
  const { org_unit_id } = agent
  const isPlanned = plan !== null && org_unit_id !== null
  return {
    agent_version,
    building: isPlanned ? (findBuilding(plan, org_unit_id)?.name ?? null) : null,
    is_testing: agent.isTesting,
    faults: [...agent.faults],
    last_sent_at,
    waiting: spool.size().measurements + agent.keeper.unkept,
    dropped,
    set_aside,
    last_result,
    next_test_at: isPlanned ? findNextTest({ plan, org_unit_id, begun, retest, now: clock.now() }) : null,
    plan_issued_at: plan?.issued_at ?? null,
  }
}
