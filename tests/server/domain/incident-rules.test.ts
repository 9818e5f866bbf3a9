import { describe, expect, it } from 'vitest'
import {
  countPopulation,
  planIncidents,
  providerOf,
  type FailingTarget,
  type OpenIncident,
} from '../../../server/src/domain/incident-rules.ts'

function failing(number: number, own: Partial<FailingTarget> = {}): FailingTarget {
  return {
    org_unit_id: number,
    target_id: `t${String(number).padStart(4, '0')}`,
    municipality_id: number % 7,
    address: `203.0.${number % 250}.10`,
    cause: 'connect_timeout',
    failed_at: 1000 + number,
    incident_id: null,
    ...own,
  }
}

function many(count: number, own: (number: number) => Partial<FailingTarget>): FailingTarget[] {
  return Array.from({ length: count }, (_, number) => failing(number, own(number)))
}

const shape = (plan: ReturnType<typeof planIncidents>) =>
  plan.map(({ kind, scope, scope_key, incident_id, members }) => [kind, scope, scope_key, incident_id, members.length])

describe('planning incidents', () => {
  it('plans nothing when nothing is new', () => {
    const known = failing(1, { incident_id: 5 })
    const open: OpenIncident[] = [{ incident_id: 5, scope: 'site', scope_key: known.target_id, cause: known.cause }]
    expect(planIncidents([known], open, countPopulation([known]))).toEqual([])
  })

  it('makes one incident of failures at one address, when they are most of those that live there', () => {
    const down = many(10, () => ({ address: '198.51.100.1' }))
    expect(shape(planIncidents(down, [], countPopulation(down)))).toEqual([
      ['opened', 'hoster_address', '198.51.100.1', null, 10],
    ])
    const large = countPopulation(many(300, () => ({ address: '198.51.100.1' })))
    expect(planIncidents(down, [], large)).toHaveLength(10)
  })

  it('never joins faults that are the own of each site', () => {
    const down = many(10, () => ({ address: '198.51.100.1', cause: 'tls_expired' }))
    expect(planIncidents(down, [], countPopulation(down)).map((change) => change.scope)).toEqual(
      Array<string>(10).fill('site'),
    )
  })

  it('re-attributes the oldest incident when more addresses of a provider follow', () => {
    const first = many(8, () => ({ address: '198.51.100.1', incident_id: 3 }))
    const more = Array.from({ length: 6 }, (_, number) => failing(100 + number, { address: '198.51.100.2' }))
    const open: OpenIncident[] = [
      { incident_id: 3, scope: 'hoster_address', scope_key: '198.51.100.1', cause: 'connect_timeout' },
    ]
    const all = [...first, ...more]
    const plan = planIncidents(all, open, countPopulation(all))
    expect(shape(plan)).toEqual([['opened', 'hoster_address', '198.51.100.2', null, 6]])
    const single = [...first, failing(100, { address: '198.51.100.2' }), failing(101, { address: '198.51.100.3' })]
    expect(shape(planIncidents(single, open, countPopulation(single)))).toEqual([
      ['re_attributed', 'provider', '198.51.100.0/24', 3, 10],
    ])
  })

  it('takes a new failure into the open incident of its hoster', () => {
    const open: OpenIncident[] = [
      { incident_id: 9, scope: 'hoster_address', scope_key: '198.51.100.1', cause: 'connect_timeout' },
    ]
    const late = failing(50, { address: '198.51.100.1' })
    expect(shape(planIncidents([late], open, countPopulation([late])))).toEqual([
      ['widened', 'hoster_address', '198.51.100.1', 9, 1],
    ])
  })

  it('sees a municipality go dark across several providers', () => {
    const down = many(9, (number) => ({ municipality_id: 64, address: `203.0.${number}.10` }))
    expect(shape(planIncidents(down, [], countPopulation(down)))).toEqual([['opened', 'municipality', '64', null, 9]])
  })

  it('knows the network of an address', () => {
    expect(providerOf('127.10.3.1')).toBe('127.10.3.0/24')
    expect(providerOf('2001:db8:7::1')).toBe('2001:db8:7::/48')
    expect(providerOf('2001::1')).toBe('2001:0:0::/48')
  })
})
