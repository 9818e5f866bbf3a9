/** Field that a refusal of a change of the second factor belongs to, by its code. */
export function placeOfRefusal({ code }: { code: string | null }): 'password' | 'code' | undefined {
  if (code === 'EDU_SIGN_IN_REFUSED') return 'password'
  return code === 'EDU_SECOND_FACTOR_WRONG' ? 'code' : undefined
}
