import { describe, expect, it } from 'vitest'
import {
  formatBytes,
  formatChange,
  formatMbps,
  formatNumber,
  formatPercent,
  formatRatio,
} from '../../../web/src/format/number.ts'

const NBSP = '\u00a0'

describe('formatNumber', () => {
  it('writes Russian numbers with no-break groups, a comma and a real minus', () => {
    expect(formatNumber(1234.5, 'ru', 1)).toBe(`1${NBSP}234,5`)
    expect(formatNumber(-0.44, 'ru', 1)).toBe('\u22120,4')
    expect(formatNumber(1234567, 'ru')).toBe(`1${NBSP}234${NBSP}567`)
  })
  it('writes English numbers', () => expect(formatNumber(1234.5, 'en', 1)).toBe('1,234.5'))
  it('keeps withheld and zero apart, and rounds to no negative zero', () => {
    expect(formatNumber(null, 'ru', 1)).toBe('—')
    expect(formatNumber(0, 'ru', 1)).toBe('0,0')
    expect(formatNumber(-0.04, 'ru', 1)).toBe('0,0')
  })
})

describe('formatRatio and formatPercent', () => {
  it('turns a ratio into per cent', () => {
    expect(formatRatio(0.712, 'ru')).toBe('71,2')
    expect(formatPercent(0.92, 'ru')).toBe(`92${NBSP}%`)
    expect(formatPercent(0.92, 'en')).toBe('92%')
    expect(formatPercent(null, 'ru')).toBe('—')
  })
})

describe('formatChange', () => {
  it('signs what rises and falls, and nothing that stays', () => {
    expect(formatChange(2.1, 'ru')).toBe('+2,1')
    expect(formatChange(-0.4, 'ru')).toBe('\u22120,4')
    expect(formatChange(0.04, 'ru')).toBe('0,0')
  })
})

describe('formatMbps', () => {
  it('writes the unit of the language after a space that does not break', () => {
    expect(formatMbps(1.5, 'ru', 2)).toBe(`1,50${NBSP}Мбит/с`)
    expect(formatMbps(1.5, 'en', 2)).toBe(`1.50${NBSP}Mbit/s`)
    expect(formatMbps(null, 'ru')).toBe('—')
  })
})

describe('formatBytes', () => {
  it('takes the unit that a person reads', () => {
    expect(formatBytes(999, 'ru')).toBe(`999${NBSP}Б`)
    expect(formatBytes(1182, 'ru')).toBe(`1,2${NBSP}КБ`)
    expect(formatBytes(2_500_000, 'en')).toBe(`2.5${NBSP}MB`)
  })
})
