import { client, readAnswer } from './client.ts'
import type { DecisionEntry, HumanCheckEntry, ObjectionEntry } from './schemas.ts'

/** Puts a check of one site to the head of the queue. Throws an ApiProblem when it was asked for too often. */
export const requestRecheck = (org_unit_id: number, target_id: string) =>
  readAnswer(
    client.POST('/api/v1/targets/{org_unit_id}/{target_id}/recheck', { params: { path: { org_unit_id, target_id } } }),
  )

/** Keeps a person's check of one site. Throws an ApiProblem whose `path` names the field at fault. */
export const addHumanCheck = (org_unit_id: number, target_id: string, body: HumanCheckEntry) =>
  readAnswer(
    client.POST('/api/v1/org-units/{id}/sites/{target_id}/human-checks', {
      params: { path: { id: org_unit_id, target_id } },
      body,
    }),
  )

/** Disputes a finding or asks to mute it. Throws an ApiProblem whose `path` names the field at fault. */
export const openObjection = (id: number, body: ObjectionEntry) =>
  readAnswer(client.POST('/api/v1/org-units/{id}/objections', { params: { path: { id } }, body }))

/** Decides an objection, once. Throws an ApiProblem whose `path` names the field at fault. */
export const decideObjection = (id: number, objection_id: string, body: DecisionEntry) =>
  readAnswer(
    client.POST('/api/v1/org-units/{id}/objections/{objection_id}/decision', {
      params: { path: { id, objection_id } },
      body,
    }),
  )
