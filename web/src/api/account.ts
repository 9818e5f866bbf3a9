import { client, readAnswer, waitUntilDone } from './client.ts'

/** The own account: password, sessions, second factor. */
export const readOwnSessions = (signal: AbortSignal) => readAnswer(client.GET('/api/v1/account/sessions', { signal }))

export const endOwnSession = (session_id: string) =>
  waitUntilDone(client.DELETE('/api/v1/account/sessions/{session_id}', { params: { path: { session_id } } }))

/** All other sessions end. Throws an ApiProblem: EDU_SIGN_IN_REFUSED, EDU_PASSWORD_REFUSED with `fault`. */
export const changePassword = (current_password: string, password: string) =>
  waitUntilDone(client.PUT('/api/v1/account/password', { body: { current_password, password } }))

export const readSecondFactor = (signal: AbortSignal) =>
  readAnswer(client.GET('/api/v1/account/second-factor', { signal }))

/** Makes a secret that counts once it is confirmed; an earlier unconfirmed one is forgotten. */
export const offerSecondFactor = () => readAnswer(client.POST('/api/v1/account/second-factor'))

/** Password: null where the account has none. */
interface OwnProof {
  password: string | null
  code: string
}

/** Answers with recovery codes, once. Throws an ApiProblem: EDU_SECOND_FACTOR_WRONG, EDU_SIGN_IN_REFUSED. */
export const confirmSecondFactor = (proof: OwnProof) =>
  readAnswer(client.PUT('/api/v1/account/second-factor', { body: proof }))

export const removeSecondFactor = (proof: OwnProof) =>
  waitUntilDone(client.POST('/api/v1/account/second-factor/removal', { body: proof }))
