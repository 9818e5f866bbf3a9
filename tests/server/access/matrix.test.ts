import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { read, utils } from '@e965/xlsx'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { XLSX_MEDIA_TYPE } from '../../../server/src/exports/workbook.ts'
import { createTwoMunicipalities, type TwoMunicipalities } from '../../factories/two-municipalities.ts'
import { EXPECTATIONS, type Expectation, type MatrixRequest, type Outcome } from './matrix-expectations.ts'
import { createSubjects, REGION_WIDE, SUBJECTS, type HeaderSource, type SubjectName } from './matrix-subjects.ts'

interface Operation {
  operationId: string
}

/** The committed document, which a test of its own keeps fresh. */
const DOCUMENT = JSON.parse(readFileSync(join(import.meta.dirname, '../../../server/openapi.json'), 'utf8')) as {
  paths: Record<string, Record<string, Operation>>
}
const OPERATIONS = Object.values(DOCUMENT.paths).flatMap((methods) =>
  Object.entries(methods).map(([method, { operationId }]) => ({ operationId, method: method.toUpperCase() })),
)
const METHODS = new Map(OPERATIONS.map(({ operationId, method }) => [operationId, method]))

let world: TwoMunicipalities
let headersOf: HeaderSource
beforeAll(async () => {
  world = await createTwoMunicipalities()
  headersOf = await createSubjects(world)
})
afterAll(() => world.client.close())

const REFUSALS: Readonly<Record<string, Outcome>> = {
  EDU_UNAUTHENTICATED: '401',
  EDU_SECOND_FACTOR_REQUIRED: 'second_factor',
  EDU_FORBIDDEN: '403',
}

/** All texts of a workbook: its bytes are compressed and show no name. */
function readWorkbook(bytes: Buffer): string {
  const { Sheets } = read(bytes)
  return Object.values(Sheets)
    .map((sheet) => utils.sheet_to_csv(sheet))
    .join('\n')
}

async function ask(operationId: string, name: SubjectName, { path, payload }: MatrixRequest) {
  const binary = Buffer.isBuffer(payload) ? { 'content-type': 'application/octet-stream' } : {}
  const answer = await world.client.app.inject({
    method: METHODS.get(operationId) ?? 'GET',
    url: `/api/v1${path}`,
    headers: { ...(await headersOf(name)), ...binary },
    ...(payload === undefined ? {} : { payload }),
  })
  const code = answer.statusCode >= 400 ? (JSON.parse(answer.body) as { code: string }).code : ''
  const refused = REFUSALS[code] ?? (answer.statusCode === 404 ? '404' : undefined)
  if (answer.statusCode >= 500) throw new Error(`${operationId} answered ${answer.body}`)
  // Schema errors come before the route judges whose object it is: they would prove nothing.
  if (code === 'EDU_BAD_REQUEST' && answer.body.includes('"part"')) throw new Error(`${path}: ${answer.body}`)
  const isWorkbook = answer.headers['content-type'] === XLSX_MEDIA_TYPE
  return { outcome: refused ?? 'done', body: isWorkbook ? readWorkbook(answer.rawPayload) : answer.body }
}

type PlaceName = 'own' | 'other' | 'college' | 'unknown'
const PLACES: readonly PlaceName[] = ['own', 'other', 'college', 'unknown']

function refusalOf(name: SubjectName): Outcome {
  if (name === 'nobody') return '401'
  return name === 'half_signed_in' ? 'second_factor' : '403'
}

/** Whether the place is the subject's own: the founder decides, not the map. */
function isOwn(name: SubjectName, place: PlaceName): boolean {
  return place === 'own' || (place !== 'unknown' && REGION_WIDE.includes(name))
}

function expectedOf(expectation: Expectation, name: SubjectName, place: PlaceName | null): Outcome {
  const exception = expectation.except?.[name]
  if (exception !== undefined) return exception
  if (!expectation.may.includes(name)) return refusalOf(name)
  if (place === 'unknown' && expectation.about !== undefined && name === 'collector_token') return '404'
  if (place !== null && expectation.others === 'hidden' && !isOwn(name, place)) return '404'
  return expectation.answer ?? 'done'
}

/** Names and addresses of other places that a text shows, also one that refuses. */
function findStrange(body: string, name: SubjectName): string[] {
  if (REGION_WIDE.includes(name) || name === 'collector_token') return []
  return [world.other, world.college]
    .flatMap(({ mark, school_id }) => [mark, `school-${school_id}.example`])
    .filter((mark) => body.includes(mark))
}

describe('what the matrix asks about', () => {
  it('is there: whoever answers for the other place finds it', async () => {
    const { other, college } = world
    for (const place of [other, college]) {
      const { outcome, body } = await ask('getOrgUnit', 'ministry_analyst', { path: `/org-units/${place.school_id}` })
      expect(outcome).toBe('done')
      expect(body).toContain(place.mark)
    }
  })

  it.each([
    ['listObjections', '/objections'],
    ['listTokens', '/tokens'],
    ['listUsers', '/users'],
    ['listAuditEvents', '/audit/events?limit=500'],
    ['exportAuditWorkbook', '/audit/events/export.xlsx'],
    ['exportOrgUnitsWorkbook', '/org-units/export.xlsx'],
  ])('has rows of the other places before anybody asks: %s', async (operationId, path) => {
    const { outcome, body } = await ask(operationId, 'administrator', { path })
    expect(outcome).toBe('done')
    for (const { mark } of [world.own, world.other, world.college]) expect(body).toContain(mark)
  })
})

/** Every route that is served as `METHOD /path`, from the router itself. */
function listServed(): string[] {
  const folders: string[] = []
  return world.client.app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part = '', methods = ''] = /^([ │]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
      folders.splice(indent.length / 4, folders.length, part)
      const path = folders.join('').replaceAll(/:(\w+)/g, '{$1}')
      return methods.split(', ').flatMap((method) => (method === '' || method === 'HEAD' ? [] : [`${method} ${path}`]))
    })
}

describe('the document that the matrix walks', () => {
  it('names every route but these, which give nothing away', () => {
    const documented = new Set(
      Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      ),
    )
    const served = listServed()
    expect(served).toEqual(expect.arrayContaining([...documented]))
    const hidden = served.filter((route) => !documented.has(route) && !route.startsWith('GET /api/docs'))
    // The pages are served once they are built.
    expect(['GET *', 'GET /metrics']).toEqual(expect.arrayContaining(hidden))
    expect(hidden).toContain('GET /metrics')
  })
})

describe('the matrix of operations, roles and places', () => {
  it('has an expectation for every operation of the document, and for no other', () => {
    expect(Object.keys(EXPECTATIONS).sort()).toEqual(OPERATIONS.map(({ operationId }) => operationId).sort())
  })

  for (const [operationId, expectation] of Object.entries(EXPECTATIONS)) {
    const places = expectation.about === undefined ? [null] : PLACES
    describe(operationId, () => {
      it.each(places)('about %s', async (place) => {
        const expected: Record<string, Outcome> = {}
        const found: Record<string, Outcome> = {}
        const strange: Record<string, string[]> = {}
        for (const name of SUBJECTS) {
          const { plain, about } = expectation
          const asked = typeof plain === 'function' ? await plain(world) : plain
          const request = place === null ? asked : await about?.(world[place], world)
          if (request === undefined) throw new Error(`${operationId} says nothing to ask`)
          const { outcome, body } = await ask(operationId, name, request)
          expected[name] = expectedOf(expectation, name, place)
          found[name] = outcome
          const shown = findStrange(body, name)
          if (shown.length > 0) strange[name] = shown
        }
        expect(found).toEqual(expected)
        expect(strange).toEqual({})
      })
    })
  }
})
