import { client, readAnswer } from './client.ts'

/** Puts a check of one site to the head of the queue. Throws an ApiProblem when it was asked for too often. */
export const requestRecheck = (org_unit_id: number, target_id: string) =>
  readAnswer(
    client.POST('/api/v1/targets/{org_unit_id}/{target_id}/recheck', { params: { path: { org_unit_id, target_id } } }),
  )
