import { DEMO_ACCOUNTS } from '../../server/src/access/demo-accounts.ts'
import { SESSION_COOKIE } from '../../server/src/plugins/own-cookies.ts'

export function demoPassword(login: string): string {
  const account = DEMO_ACCOUNTS.find((one) => one.login === login)
  if (account === undefined) throw new Error(`The demo has no account "${login}"`)
  return account.password
}

/** Signs in to a running demo. @returns the secret of the session's cookie */
export async function signInToDemo(url: string, login: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password: demoPassword(login) }),
  })
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith(`${SESSION_COOKIE}=`))
  const secret = cookie?.split(/[=;]/)[1]
  if (secret === undefined) throw new Error(`${url} answered ${answer.status} to the sign-in of ${login}`)
  return secret
}
