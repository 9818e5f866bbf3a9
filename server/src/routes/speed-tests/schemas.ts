import Type from 'typebox'
import { Uuid } from '../../contract/index.ts'

/** One test as a page in a browser hands it in. It is judged against SpeedTest, with its place in the answer. */
export const BrowserSubmission = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 40, description: "The school's code, as it was written down" }),
    agent_id: Uuid,
    test: Type.Record(Type.String(), Type.Unknown()),
  },
  { additionalProperties: false, $id: 'BrowserSubmission' },
)
export interface BrowserSubmission {
  code: string
  agent_id: string
  test: Record<string, unknown>
}
