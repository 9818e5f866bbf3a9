/** Why the identity provider's sign-in came to nothing, as the API says it in the address. */
const REFUSALS = [
  'EDU_OPENID_CONNECT_REFUSED',
  'EDU_OPENID_CONNECT_INTERRUPTED',
  'EDU_OPENID_CONNECT_NO_RIGHTS',
  'EDU_OPENID_CONNECT_DISABLED',
  'EDU_OPENID_CONNECT_UNAVAILABLE',
] as const

/** Key of the text for a word of the address; null for every other word, since anybody may have written it. */
export function refusalTextKey(word: unknown): string | null {
  const refusal = REFUSALS.find((known) => known === word)
  return refusal === undefined ? null : `problems.${refusal}`
}
