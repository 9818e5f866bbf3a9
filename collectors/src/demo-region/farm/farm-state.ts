import { FAULTS, type FaultName } from '../faults.ts'
import { HOSTERS, isInOutage, type HosterCode } from '../hosters.ts'
import { createRandom } from '../random.ts'
import type { Site } from '../sites.ts'

/** A flapping site keeps one state for this long. */
const FLAPPING_SLOT_MS = 45_000
const FLAPPING_DOWN_SHARE = 0.45

export interface FarmState {
  seed: number
  started_at_ms: number
  /** Outages by the hosters' own timetable happen; off for tests and benches that want a quiet region. */
  outages: boolean
  /** Set by hand through the control endpoint; they win over plan and timetable. */
  fault_overrides: Map<string, FaultName | null>
  hoster_overrides: Map<HosterCode, 'up' | 'down'>
  witness: 'up' | 'down'
}

export function isHosterDown(state: FarmState, code: HosterCode, now_ms: number): boolean {
  const override = state.hoster_overrides.get(code)
  if (override !== undefined) return override === 'down'
  return state.outages && isInOutage(HOSTERS[code], state.started_at_ms, now_ms)
}

/**
 * The fault that a site shows at this moment; null: it works. A flapping site is up and down by time slots counted
 * from the farm's start, so that the same seed flaps alike every time.
 */
export function findCurrentFault(state: FarmState, site: Site, now_ms: number): FaultName | null {
  const override = state.fault_overrides.get(site.host)
  const fault = override === undefined ? site.fault : override
  if (fault !== 'flapping') return fault
  const slot = Math.floor((now_ms - state.started_at_ms) / FLAPPING_SLOT_MS)
  const isDown = createRandom(state.seed, `${site.host}-slot-${slot}`).chance(FLAPPING_DOWN_SHARE)
  return isDown ? 'http_503' : null
}

/** Only faults behind the connection can be given to a site while the farm runs: its name and address stand. */
export function canSetFault(fault: FaultName): boolean {
  const { layer } = FAULTS[fault]
  return layer !== 'name' && layer !== 'address'
}
