import Type from 'typebox'

export const Health = Type.Object(
  {
    status: Type.Literal('ok'),
    postgres_version: Type.String(),
    change_set_no: Type.Integer({ minimum: 0, description: 'Newest change set' }),
  },
  { $id: 'Health' },
)
