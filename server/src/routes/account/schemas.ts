import Type from 'typebox'
import { Instant, nullable, Password, SecondFactorCode, Uuid } from '../../contract/index.ts'

export const PasswordChange = Type.Object(
  { current_password: Password, password: Password },
  { $id: 'PasswordChange', additionalProperties: false },
)
export type PasswordChange = Type.Static<typeof PasswordChange>

export const OwnSession = Type.Object(
  {
    session_id: Uuid,
    is_current: Type.Boolean(),
    started_at: Instant,
    last_seen_at: Instant,
    expires_at: Instant,
    remote_address: Type.String(),
    user_agent: Type.String(),
  },
  { $id: 'OwnSession' },
)

export const OwnSessionList = Type.Object({ rows: Type.Array(Type.Ref('OwnSession')) }, { $id: 'OwnSessionList' })

export const SessionParams = Type.Object({ session_id: Uuid })
export type SessionParams = Type.Static<typeof SessionParams>

export const SecondFactorView = Type.Object(
  {
    is_confirmed: Type.Boolean({ description: 'It is asked for at every sign-in' }),
    asks_password: Type.Boolean({ description: 'To change it, the password is needed; else the account has none' }),
    recovery_codes_left: Type.Integer({ minimum: 0 }),
  },
  { $id: 'SecondFactorView' },
)

export const SecondFactorOffer = Type.Object(
  {
    secret: Type.String({ description: 'Base32, to be typed where no camera is at hand' }),
    asks_password: Type.Boolean({ description: 'The confirmation needs the password; else the account has none' }),
    address: Type.String({ description: 'otpauth:// address for a QR code' }),
  },
  { $id: 'SecondFactorOffer' },
)

const OwnPassword = nullable(Password)

export const SecondFactorConfirmation = Type.Object(
  { password: OwnPassword, code: SecondFactorCode },
  { $id: 'SecondFactorConfirmation', additionalProperties: false },
)
export type SecondFactorConfirmation = Type.Static<typeof SecondFactorConfirmation>

export const RecoveryCodes = Type.Object(
  { codes: Type.Array(Type.String(), { description: 'Shown once; each works once' }) },
  { $id: 'RecoveryCodes' },
)

export const SecondFactorRemoval = Type.Object(
  { password: OwnPassword, code: SecondFactorCode },
  { $id: 'SecondFactorRemoval', additionalProperties: false },
)
export type SecondFactorRemoval = Type.Static<typeof SecondFactorRemoval>

export const ACCOUNT_SCHEMAS = [
  ...[PasswordChange, OwnSession, OwnSessionList, SecondFactorView, SecondFactorOffer, SecondFactorConfirmation],
  ...[RecoveryCodes, SecondFactorRemoval],
]
