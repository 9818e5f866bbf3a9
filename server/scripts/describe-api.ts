import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'

/** The API's OpenAPI document as text, from the routes themselves. */
export async function describeApi(applicationUrl: string): Promise<string> {
  const config = { ...readConfig({}), log_level: 'silent' as const }
  const app = await buildApp(config, { application_url: applicationUrl })
  try {
    await app.ready()
    return `${JSON.stringify(app.swagger(), null, 2)}\n`
  } finally {
    await app.close()
  }
}
