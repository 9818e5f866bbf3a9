import { SITE_CAUSES, SITE_CAUSE_CODES, type SiteCause, type SiteVerdict } from '../contract/index.ts'

/** One probe as a vote in its round. Times are milliseconds since the epoch. */
export interface RoundProbe {
  check_id: string
  attempt: number
  vantage: string
  checked_at: number
  verdict: SiteVerdict
  cause: SiteCause | null
  own_link: 'up' | 'down' | 'not_watched'
}

/** What a round of attempts from all vantages says. `vantages` are those that agree, or that say "down" in a split. */
export interface RoundVerdict {
  verdict: SiteVerdict
  cause: SiteCause | null
  agreeing: number
  counted: number
  vantages: string[]
  decided_at: number
}

interface Opinion {
  verdict: SiteVerdict
  cause: SiteCause | null
  vantage: string
}

/** A probe without an own link says nothing about the site. */
export function isVote(probe: Pick<RoundProbe, 'own_link' | 'cause'>): boolean {
  return probe.own_link !== 'down' && probe.cause !== 'own_link_down'
}

/** Whether the vantage asks once more in this round: a permanent cause would say the same a minute later. */
export function needsRetry(cause: SiteCause | null, attempt: number, attemptsPerRound: number): boolean {
  return cause !== null && !SITE_CAUSES[cause].permanent && attempt < attemptsPerRound
}

/** One vote per attempt and vantage: a repeated or late probe of the same attempt is no second confirmation. */
function takeVotes(probes: readonly RoundProbe[]): RoundProbe[] {
  const inOrder = probes
    .filter(isVote)
    .sort((a, b) => a.checked_at - b.checked_at || (a.check_id < b.check_id ? -1 : 1))
  const votes = new Map<string, RoundProbe>()
  for (const probe of inOrder) {
    const key = `${probe.attempt}/${probe.vantage}`
    if (!votes.has(key)) votes.set(key, probe)
  }
  return [...votes.values()]
}

/** The cause named most often; of equals the one that stands first in the closed list. */
function mostFrequentCause(votes: readonly { cause: SiteCause | null }[]): SiteCause | null {
  const counts = new Map<SiteCause, number>()
  for (const { cause } of votes) if (cause !== null) counts.set(cause, (counts.get(cause) ?? 0) + 1)
  let best: SiteCause | null = null
  for (const cause of SITE_CAUSE_CODES) {
    if ((counts.get(cause) ?? 0) > (best === null ? 0 : (counts.get(best) ?? 0))) best = cause
  }
  return best
}

/** The verdict that more than half hold; null when none has a majority. */
function majorityOf(opinions: readonly { verdict: SiteVerdict }[]): SiteVerdict | null {
  const counts = new Map<SiteVerdict, number>()
  for (const { verdict } of opinions) counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
  for (const [verdict, count] of counts) if (count * 2 > opinions.length) return verdict
  return null
}

/** One working attempt is enough for its vantage: the failure before it was not confirmed. */
function judgeVantage(vantage: string, votes: readonly RoundProbe[]): Opinion {
  if (votes.some((vote) => vote.verdict === 'works')) return { vantage, verdict: 'works', cause: null }
  const verdict = majorityOf(votes)
  if (verdict === null) return { vantage, verdict: 'cannot_tell', cause: 'attempts_disagree' }
  return { vantage, verdict, cause: mostFrequentCause(votes.filter((vote) => vote.verdict === verdict)) }
}

function namesOf(opinions: readonly Opinion[], verdict: SiteVerdict): string[] {
  return opinions.filter((opinion) => opinion.verdict === verdict).map((opinion) => opinion.vantage)
}

/**
 * Joins the probes of one round. "Does not work" needs a majority of attempts and of vantages; a split is
 * "cannot tell". Null when no probe counts, as while the own link is down: then no verdict is given.
 */
export function judgeRound(probes: readonly RoundProbe[]): RoundVerdict | null {
  const votes = takeVotes(probes)
  if (votes.length === 0) return null
  const byVantage = Map.groupBy(votes, (vote) => vote.vantage)
  const opinions = [...byVantage.keys()].sort().map((vantage) => judgeVantage(vantage, byVantage.get(vantage) ?? []))
  const decided_at = Math.max(...votes.map((vote) => vote.checked_at))
  const counted = votes.length
  const verdict = majorityOf(opinions)
  if (verdict === null) {
    const vantages = namesOf(opinions, 'does_not_work')
    const agreeing = votes.filter((vote) => vantages.includes(vote.vantage)).length
    return { verdict: 'cannot_tell', cause: 'vantages_disagree', agreeing, counted, vantages, decided_at }
  }
  const vantages = namesOf(opinions, verdict)
  const agreeingVotes = votes.filter((vote) => vote.verdict === verdict && vantages.includes(vote.vantage))
  const isUndecided = opinions.some((opinion) => opinion.verdict === verdict && opinion.cause === 'attempts_disagree')
  const cause = isUndecided ? 'attempts_disagree' : mostFrequentCause(agreeingVotes)
  return { verdict, cause, agreeing: agreeingVotes.length, counted, vantages, decided_at }
}
