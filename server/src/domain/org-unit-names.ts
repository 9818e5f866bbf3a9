import type { FounderKind } from '../contract/index.ts'

/** A Russian organisation's name as matching sees it. */
export interface NameKey {
  /** Without legal form, honorific and territory, in one spelling; never empty when the name says anything. */
  text: string
  /** Founder by the legal form; null when the form does not tell. */
  founder_kind: FounderKind | null
  /** Kind of institution and number, equal for names that may mean one school; null without a number. */
  number_key: string | null
  /** Whether the text holds more than words that every school has: such names alone never make two units one. */
  is_distinctive: boolean
}

const FORMS: readonly [FounderKind, RegExp][] = [
  ['federal', /^(фг[абк]?п?оу( во)?|федеральное государственное)(?= |$)/],
  ['municipal', /^м[абк]?(д|н)?оу( до| доп)?(?= |$)|^м[абк]?у( ?до)?(?= |$)|^муниципальное(?= |$)/],
  ['regional', /^г[абк]?п?оу(?= |$)|^г[абк]?су(?= |$)|^г[абк]?у( до| дпо)?(?= |$)|^государственное(?= |$)/],
  [
    'private',
    /^(чоу|чпоу|ноу|нчоу|ано|аноо|анпоо|чао|чу|оано)( до| по| дпо)?(?= |$)|^(частное|негосударственное|автономная некоммерческая)(?= |$)/,
  ],
]

/** Words of the legal form written out, and what may stand between it and the name. */
const FORM_WORDS =
  /^((муниципальное|государственное|областное|бюджетное|автономное|казенное|частное|негосударственное|некоммерческая|автономная|федеральное|специальное|дошкольное|профессиональное|общеобразовательное|образовательное|общеобразовательная|образовательная|учреждение|организация|дополнительного образования|саратовской области|со)(?= |$) ?)+/

const SPELLINGS: readonly [RegExp, string][] = [
  [/(?<= |^)(средняя общеобразовательная школа|средняя школа)(?= |$)/g, 'сош'],
  [/(?<= |^)(основная общеобразовательная школа|основная школа)(?= |$)/g, 'оош'],
  [/(?<= |^)(начальная общеобразовательная школа|начальная школа)(?= |$)/g, 'нош'],
  [/(?<= |^)детский сад(?= |$)/g, 'дс'],
  [/(?<= |^)(имени|им)( [^ ]+)+$/g, ''],
  [/(?<= |^)с углубленным изучением( отдельных)?( предметов)?(?= |$)/g, ''],
  [/(?<= |^)муниципального образования город саратов(?= |$)/g, ''],
  [
    /(?<= |^)([^ ]+(ского|цкого) )?(муниципального )?района( саратовской области| города саратова| г саратова)?(?= |$)/g,
    '',
  ],
  [/(?<= |^)(саратовской области|города саратова|г саратова)(?= |$)/g, ''],
  [/(?<= |^)(село|села)(?= )/g, 'с'],
  [/(?<= |^)(поселок|поселка|пос)(?= )/g, 'п'],
  [/(?<= |^)(корпус|корп) ?\d*(?= |$)/g, ''],
]

const TYPES: readonly [string, RegExp][] = [
  ['школа-интернат', /школа интернат|интернат/],
  ['прогимназия', /прогимназия/],
  ['гимназия', /гимназия/],
  ['лицей', /лицей/],
  ['сад', /(?<= |^)(дс|сад)(?= |$)/],
  ['колледж', /колледж|техникум|училище/],
  ['школа', /(?<= |^)(сош|оош|нош|школа)(?= |$)/],
]

const GENERIC = new Set(['сош', 'оош', 'нош', 'школа', 'интернат', 'лицей', 'гимназия', 'прогимназия', 'дс', 'сад'])

/** Lower case, one spelling of ё, quotes, dashes, brackets and № gone, single spaces. */
export function normaliseText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ё', 'е')
    .replace(/(№|(?<![\p{L}\d])n[o°]?)\s*(?=\d)/gu, ' ')
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim()
}

function stripForm(normal: string): { rest: string; founder_kind: FounderKind | null } {
  for (const [founder_kind, pattern] of FORMS) {
    const match = pattern.exec(normal)
    if (match === null) continue
    const isWord = match[0].length > 6
    const rest = isWord ? normal : normal.slice(match[0].length).trim()
    return { rest: rest.replace(FORM_WORDS, '').trim(), founder_kind }
  }
  return { rest: normal, founder_kind: null }
}

/**
 * Key of a name for matching: "МБОУ «СОШ № 5 им. А. Б. Иванова»" and "Муниципальное бюджетное общеобразовательное
 * учреждение Средняя общеобразовательная школа №5" have one text.
 */
export function nameKeyOf(name: string): NameKey {
  const normal = normaliseText(name)
  const { rest, founder_kind } = stripForm(normal)
  const spelled = SPELLINGS.reduce((text, [pattern, spelling]) => text.replace(pattern, spelling), rest)
  const text = spelled.replace(/ +/g, ' ').trim() || rest || normal
  const words = text.split(' ')
  const number = words.find((word) => /^\d{1,4}$/.test(word)) ?? null
  const type = TYPES.find(([, pattern]) => pattern.test(text))?.[0] ?? null
  const adapted = /адаптированн|коррекционн/.test(text) ? 'адаптированная ' : ''
  return {
    text,
    founder_kind,
    number_key: number === null || type === null ? null : `${adapted}${type} ${number}`,
    is_distinctive: words.some((word) => !GENERIC.has(word)),
  }
}

const ADDRESS_WORDS =
  /(?<= |^)(\d{6}|россия|саратовская|обл|область|р|н|район|г|город|с|село|п|пос|поселок|рп|пгт|д|дер|ул|улица|дом|зд|здание|стр|строение|литера|лит|пр|кт|д|пр кт|пр д|проспект|проезд|пер|переулок|пл|площадь|бульв|бульвар|им|имени)(?= |$)/g

/** Key of an address: street and house without the words around them; null when nothing is left. */
export function addressKeyOf(address: string): string | null {
  const spaced = normaliseText(address.replaceAll('/', ' дробь ')).replaceAll(' дробь ', '/')
  const bare = spaced.replace(ADDRESS_WORDS, '').replace(/ +/g, ' ').trim()
  return bare === '' ? null : bare
}

/** Cadastral numbers that a cell holds, in the order written; empty when it holds none. */
export function listCadastralNumbers(text: string): string[] {
  return text.match(/\d{2}:\d{2}:\d{6,7}:\d+/g) ?? []
}
