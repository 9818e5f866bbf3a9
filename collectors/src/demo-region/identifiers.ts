import type { Random } from './random.ts'

/** Codes of tax inspections of the region (first four digits of ИНН and КПП). */
const INSPECTIONS = [
  '6432',
  '6438',
  '6439',
  '6440',
  '6441',
  '6446',
  '6449',
  '6450',
  '6451',
  '6453',
  '6454',
  '6455',
] as const
const INN_WEIGHTS = [2, 4, 10, 3, 5, 9, 4, 6, 8] as const

export interface LegalIdentifiers {
  /** 10 digits, the last one is the checksum. */
  inn: string
  /** КПП of the legal entity itself; a branch has its own. */
  kpp: string
  /** 13 digits, the last one is the checksum. */
  ogrn: string
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0')
}

function innCheckDigit(firstNine: string): string {
  const sum = INN_WEIGHTS.reduce((total, weight, index) => total + weight * Number(firstNine[index]), 0)
  return String((sum % 11) % 10)
}

function ogrnCheckDigit(firstTwelve: string): string {
  return String((Number(firstTwelve) % 11) % 10)
}

/** Identifiers with right checksums. `serial` keeps them apart within a region: no two are equal. */
export function makeLegalIdentifiers(random: Random, serial: number): LegalIdentifiers {
  const inspection = random.pick(INSPECTIONS)
  const firstNine = inspection + digits(10_000 + serial, 5)
  const year = digits(random.int(2, 19), 2)
  const firstTwelve = `1${year}64${digits(random.int(0, 19), 2)}${digits(20_000 + serial, 5)}`
  return {
    inn: firstNine + innCheckDigit(firstNine),
    kpp: `${inspection}01001`,
    ogrn: firstTwelve + ogrnCheckDigit(firstTwelve),
  }
}

/** КПП of the `number`-th branch, from 1: reason of registration 43, "branch of a Russian organisation". */
export function makeBranchKpp(headKpp: string, number: number): string {
  return `${headKpp.slice(0, 4)}43${digits(number, 3)}`
}
