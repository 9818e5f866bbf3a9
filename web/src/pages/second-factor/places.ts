/** Fields that refusals of a change of the second factor belong to, by their codes. */
export const PLACES: Readonly<Partial<Record<string, 'password' | 'code'>>> = {
  EDU_SIGN_IN_REFUSED: 'password',
  EDU_SECOND_FACTOR_WRONG: 'code',
}
