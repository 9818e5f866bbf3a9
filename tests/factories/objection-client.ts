import type { TestPerson } from './people.ts'
import type { ObjectionScene } from './objection-scene.ts'
import type { MadeSite } from './site-facts.ts'

type Body = Record<string, unknown>

/** An objection as far as tests look at it. */
export interface ObjectionAnswer {
  objection_id: string
  org_unit_id: number
  state: string
  due_on: string
  is_own: boolean
  term: { state: string; working_days: number }
  recheck: { state: string; outcome: string | null } | null
  decision: { outcome: string; decided_by: string; valid_from: string | null; is_in_force: boolean } | null
}

/** Speaks the objections' part of the API as a given person. */
export function createObjectionClient({ test }: ObjectionScene) {
  async function send(person: TestPerson, method: 'GET' | 'POST', path: string, payload?: Body) {
    const answer = await test.app.inject({
      ...{ method, url: `/api/v1/${path}`, headers: { host: 'localhost', ...person.headers } },
      ...(payload === undefined ? {} : { payload }),
    })
    const isJson = String(answer.headers['content-type']).startsWith('application/json')
    const body: Body = isJson ? answer.json<Body>() : {}
    return { status: answer.statusCode, headers: answer.headers, bytes: answer.rawPayload, body }
  }

  const pathOf = (site: MadeSite): string => `org-units/${site.unit.org_unit_id}/objections`

  return {
    send,
    pathOf,
    open: (person: TestPerson, site: MadeSite, own: Body = {}) =>
      send(person, 'POST', pathOf(site), {
        ...{ kind: 'dispute', target_id: site.target_id, finding: 'availability', subsection: null, incident_id: null },
        ...{ reason: 'Сайт открывается', asked_until: null, file: null, ...own },
      }),
    decide: (person: TestPerson, site: MadeSite, objection_id: unknown, own: Body = {}) =>
      send(person, 'POST', `${pathOf(site)}/${String(objection_id)}/decision`, {
        ...{ outcome: 'rejected', reason: 'Замечание подтверждено', valid_from: null, valid_to: null, ...own },
      }),
    read: async (person: TestPerson, site: MadeSite, objection_id: unknown) => {
      const { body } = await send(person, 'GET', `${pathOf(site)}/${String(objection_id)}`)
      return body['objection'] as ObjectionAnswer
    },
    list: async (person: TestPerson, query = '') => {
      const { body } = await send(person, 'GET', `objections?${query}`)
      return body['rows'] as ObjectionAnswer[]
    },
  }
}
