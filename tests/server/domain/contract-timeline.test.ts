import { describe, expect, it } from 'vitest'
import { contractOn, findSeams } from '../../../server/src/domain/contract-timeline.ts'

const of = (valid_from: string, valid_to: string | null) => ({ valid_from, valid_to })

describe('contractOn', () => {
  it('is the one that began last among those that hold on the day', () => {
    const contracts = [of('2025-01-01', null), of('2026-01-01', '2026-06-30')]
    expect(contractOn(contracts, '2024-12-31')).toBeNull()
    expect(contractOn(contracts, '2026-06-30')?.valid_from).toBe('2026-01-01')
    expect(contractOn(contracts, '2026-07-01')?.valid_from).toBe('2025-01-01')
  })
})

describe('findSeams', () => {
  it('finds no seam between contracts that follow each other', () => {
    expect(findSeams([of('2026-01-01', null), of('2025-01-01', '2025-12-31')])).toEqual([])
  })

  it('tells an overlap that goes on from one that ends', () => {
    expect(findSeams([of('2025-01-01', null), of('2026-01-01', null)])).toMatchObject([
      { kind: 'overlap', first_day: '2026-01-01', last_day: null },
    ])
    expect(findSeams([of('2025-01-01', null), of('2026-01-01', '2026-01-31')])).toMatchObject([
      { kind: 'overlap', last_day: '2026-01-31' },
    ])
  })

  it('sees no gap under a longer contract', () => {
    const seams = findSeams([
      of('2025-01-01', '2026-12-31'),
      of('2025-02-01', '2025-02-28'),
      of('2026-06-01', '2027-01-31'),
    ])
    expect(seams.map(({ kind, first_day, last_day }) => [kind, first_day, last_day])).toEqual([
      ['overlap', '2025-02-01', '2025-02-28'],
      ['overlap', '2026-06-01', '2026-12-31'],
    ])
    expect(findSeams([of('2025-01-01', '2025-01-31'), of('2025-03-01', null)])).toMatchObject([
      { kind: 'gap', first_day: '2025-02-01', last_day: '2025-02-28' },
    ])
  })
})
