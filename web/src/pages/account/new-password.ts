/** The same least length as the API's, so that the commonest fault is told before the password travels. */
export const PASSWORD_MIN_LENGTH = 12

export type NewPasswordField = 'password' | 'repeated'
export type NewPasswordFault = 'too_short' | 'differs'

/** Faults that can be told without the API; all others it finds itself. Empty when there are none. */
export function findNewPasswordFaults(
  password: string,
  repeated: string,
): Partial<Record<NewPasswordField, NewPasswordFault>> {
  if (password.length < PASSWORD_MIN_LENGTH) return { password: 'too_short' }
  return password === repeated ? {} : { repeated: 'differs' }
}
