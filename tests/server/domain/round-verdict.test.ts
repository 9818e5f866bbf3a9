import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SITE_CAUSE_CODES, SITE_CAUSES, type SiteCause } from '../../../server/src/contract/index.ts'
import { judgeRound, needsRetry, type RoundProbe } from '../../../server/src/domain/round-verdict.ts'

type Vote = [vantage: string, attempt: number, cause: SiteCause | null, ownLink?: RoundProbe['own_link']]

function probesOf(votes: readonly Vote[]): RoundProbe[] {
  return votes.map(([vantage, attempt, cause, own_link = 'up'], index) => ({
    check_id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
    vantage,
    attempt,
    checked_at: 1000 * (index + 1),
    cause,
    verdict: cause === null ? 'works' : SITE_CAUSES[cause].verdict,
    own_link,
  }))
}

describe('the verdict of a round', () => {
  const cases: [string, Vote[], string | null, SiteCause | null, string[]][] = [
    ['one good attempt', [['a', 1, null]], 'works', null, ['a']],
    [
      'a failure that a second attempt did not confirm',
      [
        ['a', 1, 'connect_timeout'],
        ['a', 2, null],
      ],
      'works',
      null,
      ['a'],
    ],
    [
      'three failures, cause by majority',
      [
        ['a', 1, 'connect_timeout'],
        ['a', 2, 'connect_reset'],
        ['a', 3, 'connect_reset'],
      ],
      'does_not_work',
      'connect_reset',
      ['a'],
    ],
    [
      'causes named equally often, the first of the closed list',
      [
        ['a', 1, 'first_byte_timeout'],
        ['a', 2, 'connect_reset'],
      ],
      'does_not_work',
      'connect_reset',
      ['a'],
    ],
    [
      'two vantages that disagree',
      [
        ['a', 1, null],
        ['b', 1, 'connect_refused'],
      ],
      'cannot_tell',
      'vantages_disagree',
      ['b'],
    ],
    [
      'two of three vantages',
      [
        ['a', 1, null],
        ['b', 1, 'tls_expired'],
        ['c', 1, 'tls_expired'],
      ],
      'does_not_work',
      'tls_expired',
      ['b', 'c'],
    ],
    [
      'attempts that disagree',
      [
        ['a', 1, 'connect_timeout'],
        ['a', 2, 'http_unexpected_status'],
      ],
      'cannot_tell',
      'attempts_disagree',
      ['a'],
    ],
    [
      'a robot refused at both',
      [
        ['a', 1, 'captcha'],
        ['b', 1, 'captcha'],
      ],
      'blocks_robots',
      'captcha',
      ['a', 'b'],
    ],
    [
      'a dead link of ours',
      [
        ['a', 1, 'connect_timeout', 'down'],
        ['a', 2, 'connect_timeout', 'down'],
      ],
      null,
      null,
      [],
    ],
    [
      'a dead link at one vantage: the other decides',
      [
        ['a', 1, 'connect_timeout', 'down'],
        ['b', 1, null],
      ],
      'works',
      null,
      ['b'],
    ],
    [
      'one attempt told twice is one vote',
      [
        ['a', 1, 'connect_timeout'],
        ['a', 1, 'http_unexpected_status'],
        ['a', 1, 'http_unexpected_status'],
      ],
      'does_not_work',
      'connect_timeout',
      ['a'],
    ],
  ]
  it.each(cases)('%s', (_name, votes, verdict, cause, vantages) => {
    const judged = judgeRound(probesOf(votes))
    expect(judged?.verdict ?? null).toBe(verdict)
    expect(judged?.cause ?? null).toBe(cause)
    expect(judged?.vantages ?? []).toEqual(vantages)
  })

  it('does not depend on the order of probes, and accuses only with a majority of vantages', () => {
    const vote = fc.tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.integer({ min: 1, max: 3 }),
      fc.option(fc.constantFrom(...SITE_CAUSE_CODES)),
      fc.constantFrom<RoundProbe['own_link']>('up', 'down', 'not_watched'),
    )
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 12 }), (votes) => {
        const probes = probesOf(votes)
        const judged = judgeRound(probes)
        expect(judgeRound([...probes].reverse())).toEqual(judged)
        if (judged === null) return
        expect(judged.cause === null).toBe(judged.verdict === 'works')
        expect(judged.agreeing).toBeLessThanOrEqual(judged.counted)
        const heard = new Set(
          probes.filter((p) => p.own_link !== 'down' && p.cause !== 'own_link_down').map((p) => p.vantage),
        )
        if (judged.verdict === 'does_not_work') expect(judged.vantages.length * 2).toBeGreaterThan(heard.size)
      }),
    )
  })

  it('retries what may pass, and nothing that would say the same a minute later', () => {
    expect(needsRetry('connect_timeout', 1, 3)).toBe(true)
    expect(needsRetry('connect_timeout', 3, 3)).toBe(false)
    expect(needsRetry('tls_expired', 1, 3)).toBe(false)
    expect(needsRetry(null, 1, 3)).toBe(false)
  })
})
