import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createObjectionClient } from '../../factories/objection-client.ts'
import { breakSite, createObjectionScene, type ObjectionScene } from '../../factories/objection-scene.ts'
import type { TestPerson } from '../../factories/people.ts'

interface TasksAnswer {
  schools: { org_unit_id: number; findings: { finding: string; since: string; mend_by: string }[] }[]
  municipalities: {
    org_unit_id: number
    expected: number
    reported: number
    unreported: { org_unit_id: number; reason: string }[]
    deviating: { org_unit_id: number; indicators: string[] }[]
  }[]
  may_decide: boolean
  objections: { org_unit_id: number }[]
}

let scene: ObjectionScene
let client: ReturnType<typeof createObjectionClient>
beforeAll(async () => {
  scene = await createObjectionScene()
  client = createObjectionClient(scene)
  await breakSite(scene.db, scene.school, new Date(Date.now() - 3_600_000))
  await client.open(scene.people.director, scene.school)
})
afterAll(() => scene.close())

async function readTasks(person: TestPerson): Promise<TasksAnswer> {
  const { status, body } = await client.send(person, 'GET', 'tasks')
  expect(status).toBe(200)
  return body as unknown as TasksAnswer
}

describe('GET /tasks', () => {
  it('tells a director what to mend on the own site and by when, and where the own objection stands', async () => {
    const tasks = await readTasks(scene.people.director)
    expect(tasks.schools.map(({ org_unit_id }) => org_unit_id)).toEqual([scene.school.unit.org_unit_id])
    const [finding] = tasks.schools[0]?.findings ?? []
    expect(finding).toMatchObject({ finding: 'availability', outcome: 'does_not_work', cause: 'dns_timeout' })
    expect((finding?.mend_by ?? '') > (finding?.since ?? '')).toBe(true)
    expect(tasks).toMatchObject({ municipalities: [], may_decide: false })
    expect(tasks.objections).toHaveLength(1)
  })

  it('says what is known although a right is for a unit that is not known today', async () => {
    const { user_id } = scene.people.specialist
    const unknown = { user_id, role: 'municipal_specialist', org_unit_id: 999_999_999, valid_from: '2020-01-01' }
    const { grant_id } = await scene.db
      .insertInto('user_grant')
      .values({ ...unknown, origin: 'person', granted_by: 'test' })
      .returning('grant_id')
      .executeTakeFirstOrThrow()
    const tasks = await readTasks(scene.people.specialist)
    expect(tasks.municipalities.map((one) => one.org_unit_id)).toEqual([scene.municipality.org_unit_id])
    const over = { revoked_at: new Date(), revoked_by: 'test' }
    await scene.db.updateTable('user_grant').set(over).where('grant_id', '=', grant_id).execute()
  })

  it('tells another school of the same municipality nothing of it', async () => {
    const tasks = await readTasks(scene.people.sister)
    expect(tasks.schools.map((one) => [one.org_unit_id, one.findings])).toEqual([[scene.sister.unit.org_unit_id, []]])
    expect(tasks.objections).toEqual([])
  })

  it('tells a municipality who has not reported and which schools deviate', async () => {
    const tasks = await readTasks(scene.people.specialist)
    expect(tasks.schools).toEqual([])
    expect(tasks.municipalities).toMatchObject([
      {
        ...{ org_unit_id: scene.municipality.org_unit_id, expected: 2, reported: 1 },
        unreported: [{ org_unit_id: scene.sister.unit.org_unit_id, reason: 'no_data' }],
        deviating: [{ org_unit_id: scene.school.unit.org_unit_id, indicators: ['working_sites'] }],
      },
    ])
    expect(tasks.objections).toHaveLength(1)
    expect((await readTasks(scene.people.other_specialist)).objections).toEqual([])
  })

  it('tells the institute what to decide', async () => {
    const tasks = await readTasks(scene.people.institute)
    expect(tasks).toMatchObject({ schools: [], municipalities: [], may_decide: true })
    expect(tasks.objections.map(({ org_unit_id }) => org_unit_id)).toEqual([scene.school.unit.org_unit_id])
  })
})
