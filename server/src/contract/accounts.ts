import Type from 'typebox'

/** Texts of accounts: bounded, because they come from outside. */
export const Login = Type.String({
  pattern: '^[a-z0-9][a-z0-9._@-]{2,79}$',
  description: 'Name to sign in with: lower-case Latin letters, digits, . _ @ -',
})
export const DisplayName = Type.String({ minLength: 1, maxLength: 200, description: 'Name as others see it' })
export const Password = Type.String({ minLength: 1, maxLength: 1000 })
export const SecondFactorCode = Type.String({
  pattern: '^[0-9A-Za-z -]{6,20}$',
  description: 'Six digits of the authenticator, or a recovery code',
})
