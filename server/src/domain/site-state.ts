import type { SiteCause, SiteVerdict } from '../contract/index.ts'

/** What the verdicts of a target add up to. Times are milliseconds since the epoch. */
export interface VerdictState {
  verdict: SiteVerdict | null
  cause: SiteCause | null
  verdict_since: number | null
  last_verdict_at: number | null
  last_round_no: number | null
  /** Rounds in a row that said it does not work, and that it answers. One of the two is always 0. */
  failed_rounds: number
  good_rounds: number
  is_flapping: boolean
  /** Latest turns between failing and answering, oldest first, at most FLAPPING_TURNS of them. */
  recent_turns: number[]
}

export interface DecidedRound {
  round_no: number
  decided_at: number
  verdict: SiteVerdict
  cause: SiteCause | null
}

const FLAPPING_TURNS = 4
const FLAPPING_WINDOW_MS = 6 * 3_600_000

/** "Cannot tell" by these says that the site answered: it is not down, whatever it shows. */
const ANSWERED: ReadonlySet<SiteCause> = new Set<SiteCause>([
  'script_shell',
  'too_large',
  'not_a_page',
  'parse_failed',
  'encoding_broken',
  'headers_too_large',
  'http_unexpected_status',
])

export const NO_VERDICT_YET: Readonly<VerdictState> = {
  verdict: null,
  cause: null,
  verdict_since: null,
  last_verdict_at: null,
  last_round_no: null,
  failed_rounds: 0,
  good_rounds: 0,
  is_flapping: false,
  recent_turns: [],
}

type Direction = 'failing' | 'answering' | 'unknown'

function directionOf(round: DecidedRound): Direction {
  if (round.verdict === 'does_not_work') return 'failing'
  if (round.verdict === 'works' || round.verdict === 'blocks_robots') return 'answering'
  return round.cause !== null && ANSWERED.has(round.cause) ? 'answering' : 'unknown'
}

/**
 * State after one more round. Rounds are folded in the order of their numbers, so that the newest state kept at
 * ingest and the one rebuilt from all facts are equal. A round that knows nothing changes no counter.
 */
export function foldRound(state: VerdictState, round: DecidedRound): VerdictState {
  const direction = directionOf(round)
  const isTurn =
    (direction === 'failing' && state.good_rounds > 0) || (direction === 'answering' && state.failed_rounds > 0)
  const turns = isTurn ? [...state.recent_turns, round.decided_at].slice(-FLAPPING_TURNS) : state.recent_turns
  const oldest = turns[0] ?? round.decided_at
  return {
    verdict: round.verdict,
    cause: round.cause,
    verdict_since: state.verdict === round.verdict ? state.verdict_since : round.decided_at,
    last_verdict_at: round.decided_at,
    last_round_no: round.round_no,
    failed_rounds: countInRow(direction, 'failing', state.failed_rounds),
    good_rounds: countInRow(direction, 'answering', state.good_rounds),
    is_flapping: turns.length === FLAPPING_TURNS && round.decided_at - oldest <= FLAPPING_WINDOW_MS,
    recent_turns: turns,
  }
}

function countInRow(direction: Direction, counted: 'failing' | 'answering', before: number): number {
  if (direction === 'unknown') return before
  return direction === counted ? before + 1 : 0
}
