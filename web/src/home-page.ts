import type { SessionPerson } from './api/schemas.ts'

type Role = SessionPerson['grants'][number]['role']

const HAVE_TASKS: readonly Role[] = ['school_operator', 'municipal_head', 'municipal_specialist', 'institute_staff']

/** The first screen of a person: what to do for those who have to act, the overview for those who look. */
export function findHomePage(roles: readonly Role[]): 'tasks' | 'sites' | 'collectors' {
  if (roles.some((role) => HAVE_TASKS.includes(role))) return 'tasks'
  return roles.length > 0 && roles.every((role) => role === 'administrator') ? 'collectors' : 'sites'
}
