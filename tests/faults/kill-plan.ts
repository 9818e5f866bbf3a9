export const VICTIMS = ['collector', 'api', 'database', 'backup'] as const
export type Victim = (typeof VICTIMS)[number]

export const ACTIVITIES = ['ingest', 'sign-in', 'dispute', 'backup'] as const
export type ActivityName = (typeof ACTIVITIES)[number]

/** What each program carries: killing it hits these and no others. */
export const CARRIED: Readonly<Record<Victim, readonly ActivityName[]>> = {
  collector: ['ingest'],
  api: ['ingest', 'sign-in', 'dispute'],
  database: ACTIVITIES,
  backup: ['backup'],
}

/** Whom to kill, and in the middle of what. */
export interface KillRound {
  victim: Victim
  aim: ActivityName
  /** How far the activity has got by then, as a share of the length that it last had. */
  share: number
}

/** Mulberry32: small, seeded, good enough to choose whom to kill and when. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

function shuffle<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

type Pair = Omit<KillRound, 'share'>
const PAIRS: readonly Pair[] = VICTIMS.flatMap((victim) => CARRIED[victim].map((aim) => ({ victim, aim })))

/** All pairs of a program and what it carries, once each; the first four name every program and every activity. */
function planBlock(random: () => number): Pair[] {
  const [ofApi = 'sign-in', ofDatabase = 'dispute'] = shuffle(['sign-in', 'dispute'] as const, random)
  const wanted: Readonly<Record<Victim, ActivityName>> = {
    collector: 'ingest',
    api: ofApi,
    database: ofDatabase,
    backup: 'backup',
  }
  const isFirst = ({ victim, aim }: Pair): boolean => wanted[victim] === aim
  const later = PAIRS.filter((pair) => !isFirst(pair))
  return [...shuffle(PAIRS.filter(isFirst), random), ...shuffle(later, random)]
}

/** The same rounds for the same seed, however often the run is interrupted. */
export function planKillRounds(seed: number, count: number): KillRound[] {
  const random = seededRandom(seed)
  const rounds: KillRound[] = []
  while (rounds.length < count) rounds.push(...planBlock(random).map((pair) => ({ ...pair, share: random() })))
  return rounds.slice(0, count)
}
