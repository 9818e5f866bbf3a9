import { client, readAnswer } from './client.ts'

/** What a page may ask that has a school's code: where it may test, and leave to. */

/** Throws an ApiProblem: EDU_SCHOOL_CODE_UNKNOWN, or EDU_RATE_LIMITED with `retry_after_s`. */
export const listTestPlaces = (code: string) =>
  readAnswer(client.POST('/api/v1/speed-tickets/browser/places', { body: { code } }))

/** Throws an ApiProblem: EDU_SPEED_TEST_RUNNING, EDU_SPEED_TESTS_LIMITED. */
export const issueBrowserTicket = (code: string, org_unit_id: number) =>
  readAnswer(client.POST('/api/v1/speed-tickets/browser', { body: { code, org_unit_id } }))

/** The code of a school, for whoever gives it out. */
export const readSchoolCode = (id: number) =>
  readAnswer(client.GET('/api/v1/org-units/{id}/school-code', { params: { path: { id } } }))

/** Issues a new code; the one of before works no more. */
export const issueSchoolCode = (id: number) =>
  readAnswer(client.POST('/api/v1/org-units/{id}/school-code', { params: { path: { id } } }))
