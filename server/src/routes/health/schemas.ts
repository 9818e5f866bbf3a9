import Type from 'typebox'

export const Health = Type.Object(
  {
    status: Type.Literal('ok'),
    uptime_s: Type.Integer({ minimum: 0, description: 'Seconds since the process was started' }),
  },
  { $id: 'Health' },
)

export const Readiness = Type.Object(
  {
    status: Type.Literal('ready'),
    postgres_version: Type.String(),
    change_set_no: Type.Integer({ minimum: 0, description: 'Newest change set' }),
  },
  { $id: 'Readiness' },
)
