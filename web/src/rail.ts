import type { Capability } from './api/schemas.ts'

/** Sections of the rail in order, each with what its page needs; a page stands here once it exists. */
const RAIL = [
  {
    group: 'work',
    pages: [
      { name: 'tasks', capability: 'sites:read' },
      { name: 'objections', capability: 'objections:read' },
    ],
  },
  {
    group: 'observation',
    pages: [
      { name: 'sites', capability: 'sites:read' },
      { name: 'internet', capability: 'internet:read' },
      { name: 'schools', capability: 'registry:read' },
    ],
  },
  { group: 'data', pages: [{ name: 'collectors', capability: 'collectors:read' }] },
  {
    group: 'administration',
    pages: [
      { name: 'users', capability: 'users:manage' },
      { name: 'tokens', capability: 'tokens:manage' },
      { name: 'audit', capability: 'audit:read' },
    ],
  },
] as const

type RailPage = (typeof RAIL)[number]['pages'][number]['name']

/** What a person with these capabilities finds in the rail; groups without a page are left out. */
export function listRail(
  can: (capability: Capability) => boolean,
): { group: (typeof RAIL)[number]['group']; pages: RailPage[] }[] {
  return RAIL.flatMap(({ group, pages }) => {
    const open = pages.filter(({ capability }) => can(capability)).map(({ name }) => name)
    return open.length === 0 ? [] : [{ group, pages: open }]
  })
}
