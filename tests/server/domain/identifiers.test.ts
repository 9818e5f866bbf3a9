import { describe, expect, it } from 'vitest'
import { isBranchKpp, isInn, isKpp, isOgrn, isOktmo } from '../../../server/src/domain/identifiers.ts'

describe('isInn', () => {
  it.each(['1215066204', '6907006968', '1683011286', '7708044713', '5032303688'])('takes %s', (inn) => {
    expect(isInn(inn)).toBe(true)
    const last = (Number(inn.at(-1)) + 1) % 10
    expect(isInn(`${inn.slice(0, -1)}${last}`)).toBe(false)
  })
  it('takes ten digits only', () => expect(['121506620', '500100732259', '12150662O4', ''].some(isInn)).toBe(false))
})

describe('isOgrn', () => {
  it.each(['1021200761438', '1026901606610', '1221600105440'])('takes %s', (ogrn) => {
    expect(isOgrn(ogrn)).toBe(true)
    expect(isOgrn(`${ogrn.slice(0, -1)}${(Number(ogrn.at(-1)) + 1) % 10}`)).toBe(false)
  })
})

describe('codes without a check digit', () => {
  it('are judged by their form', () => {
    expect(isKpp('644943001')).toBe(true)
    expect(isKpp('6449AB001')).toBe(true)
    expect(isKpp('64494300')).toBe(false)
    expect(isBranchKpp('644943001')).toBe(true)
    expect(isBranchKpp('644901001')).toBe(false)
    expect(['63701000', '63701000001'].every(isOktmo)).toBe(true)
    expect(isOktmo('637010000')).toBe(false)
  })
})
