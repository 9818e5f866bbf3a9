import { client, readAnswer } from './client.ts'

export const readSession = () => readAnswer(client.GET('/api/v1/session'))
