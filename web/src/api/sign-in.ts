import { client, readAnswer, waitUntilDone } from './client.ts'

/** Coming in and leaving: who is signed in, passwords, codes, one-time links. */
export const readSession = () => readAnswer(client.GET('/api/v1/session'))

/** Throws an ApiProblem: EDU_SIGN_IN_REFUSED, or EDU_RATE_LIMITED with `retry_after_s`. */
export const signIn = (login: string, password: string) =>
  waitUntilDone(client.POST('/api/v1/sign-in', { body: { login, password } }))

/** Throws an ApiProblem: EDU_SECOND_FACTOR_WRONG, or EDU_RATE_LIMITED with `retry_after_s`. */
export const showSecondFactor = (code: string) =>
  waitUntilDone(client.POST('/api/v1/sign-in/second-factor', { body: { code } }))

export const signOut = () => waitUntilDone(client.DELETE('/api/v1/session'))

/** Looks at a one-time link without using it up. Throws an ApiProblem EDU_LINK_NOT_FOUND. */
export const lookAtLink = (link: string) => readAnswer(client.POST('/api/v1/sign-in/link', { body: { link } }))

/** Uses a link up and signs in. Throws an ApiProblem: EDU_PASSWORD_REFUSED with `fault`, EDU_LINK_NOT_FOUND. */
export const setPasswordByLink = (link: string, password: string) =>
  waitUntilDone(client.POST('/api/v1/sign-in/link/password', { body: { link, password } }))
