import { expect } from 'vitest'
import { signInToDemo } from '../factories/demo-session.ts'
import { headersOf } from '../factories/people.ts'
import { SESSION_COOKIE } from '../../server/src/plugins/own-cookies.ts'
import { commandApi, demoUrl } from './demo-reads.ts'

/** A password that its rules let pass. */
export const PASSWORD = 'three calm rivers meet'

/** Invites somebody with rights over the region, as the administrator does. @returns the one-time link */
export async function invite(login: string, role: 'auditor' | 'ministry_analyst'): Promise<string> {
  const session = await signInToDemo(demoUrl, 'admin')
  const { rows } = await commandApi<{ rows: { grants: { org_unit_id: number }[]; login: string }[] }>(
    session,
    'GET',
    '/users',
  )
  const org_unit_id = rows.find((user) => user.login === 'auditor')?.grants[0]?.org_unit_id
  const grant = { role, org_unit_id, founder_kinds: null, valid_from: '2026-01-01', valid_to: null }
  const made = await commandApi<{ link: { link: string } }>(session, 'POST', '/users', {
    login,
    display_name: 'Вера Полякова',
    position: null,
    grants: [{ ...grant, stand_in_for_user_id: null }],
  })
  return made.link.link
}

/** Somebody new who has set PASSWORD by the link. @returns secret of the session that begins with that */
export async function admit(login: string): Promise<string> {
  const link = new URL(await invite(login, 'ministry_analyst')).hash.slice(1)
  const answer = await fetch(`${demoUrl}/api/v1/sign-in/link/password`, {
    method: 'POST',
    headers: { ...headersOf(''), 'content-type': 'application/json' },
    body: JSON.stringify({ link, password: PASSWORD }),
  })
  expect(answer.ok).toBe(true)
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith(`${SESSION_COOKIE}=`))
  return cookie?.split(/[=;]/)[1] ?? ''
}
