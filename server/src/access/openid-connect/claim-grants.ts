import { FOUNDER_KINDS, type FounderKind } from '../../contract/index.ts'
import { isRole, ROLES, type Role } from '../roles.ts'

/** One line of the mapping: whoever has this value in this claim has this role there. */
export interface ClaimGrant {
  /** Name of the claim; a dot leads into an object, as in `realm_access.roles`. */
  claim: string
  /** The claim is this text, or a list that has it. */
  value: string
  role: Role
  /** Where: the ОКТМО of a territory or the number of a unit; the other one is null. */
  oktmo: string | null
  org_unit_id: number | null
  /** Null: all founders. */
  founder_kinds: FounderKind[] | null
}

/** What is wrong with a mapping, and where. */
interface MappingFault {
  place: string
  found: string
  fault: string
}

type Fields = Record<string, unknown>

const FIELDS = ['claim', 'value', 'role', 'oktmo', 'org_unit_id', 'founder_kinds']

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isFounderList(value: unknown): value is FounderKind[] {
  return Array.isArray(value) && value.length > 0 && value.every((kind) => FOUNDER_KINDS.includes(kind as FounderKind))
}

/** What each field must be; the first that is not is told. */
const EXPECTED: readonly (readonly [field: string, expected: string, isRight: (value: unknown) => boolean])[] = [
  ['claim', 'the name of a claim', (value) => typeof value === 'string' && value !== ''],
  ['value', 'a text', (value) => typeof value === 'string' && value !== ''],
  ['role', ROLES.join(', '), (value) => typeof value === 'string' && isRole(value)],
  [
    'oktmo',
    'the 8 or 11 digits of an ОКТМО',
    (value) => value == null || (typeof value === 'string' && /^(\d{8}|\d{11})$/.test(value)),
  ],
  ['org_unit_id', 'the number of a unit', (value) => value == null || (Number.isInteger(value) && Number(value) > 0)],
  ['founder_kinds', `a list of ${FOUNDER_KINDS.join(', ')}`, (value) => value == null || isFounderList(value)],
]

function findFault(entry: unknown, place: string): MappingFault | null {
  if (!isFields(entry)) return { place, found: JSON.stringify(entry), fault: 'an object' }
  const unknown = Object.keys(entry).find((field) => !FIELDS.includes(field))
  if (unknown !== undefined) return { place, found: unknown, fault: `no other fields than ${FIELDS.join(', ')}` }
  for (const [field, fault, isRight] of EXPECTED) {
    if (!isRight(entry[field]))
      return { place: `${place}.${field}`, found: JSON.stringify(entry[field] ?? null), fault }
  }
  const places = [entry['oktmo'], entry['org_unit_id']].filter((value) => value != null)
  return places.length === 1 ? null : { place, found: `${places.length} places`, fault: 'either oktmo or org_unit_id' }
}

/** Reads a mapping, a JSON list. @returns the grants in the order of the list, or the first fault with its place */
export function readClaimGrants(text: string): { grants: ClaimGrant[] } | MappingFault {
  let entries: unknown
  try {
    entries = JSON.parse(text)
  } catch (error) {
    return { place: 'whole file', found: error instanceof Error ? error.message : '', fault: 'JSON' }
  }
  if (!Array.isArray(entries)) return { place: 'whole file', found: typeof entries, fault: 'a list' }
  const grants: ClaimGrant[] = []
  for (const [index, entry] of (entries as unknown[]).entries()) {
    const fault = findFault(entry, `entry ${index + 1}`)
    if (fault !== null) return fault
    grants.push({
      oktmo: null,
      org_unit_id: null,
      founder_kinds: null,
      ...(entry as Partial<ClaimGrant>),
    } as ClaimGrant)
  }
  return { grants }
}

function findClaim(claims: Fields, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let value: unknown = claims
  for (const part of name.split('.')) {
    value = isFields(value) && Object.hasOwn(value, part) ? value[part] : undefined
  }
  return value
}

/** Grants that these claims give, in the order of the mapping. */
export function grantsOfClaims(mapping: readonly ClaimGrant[], claims: Fields): ClaimGrant[] {
  return mapping.filter(({ claim, value }) => {
    const found = findClaim(claims, claim)
    return found === value || (Array.isArray(found) && found.includes(value))
  })
}
