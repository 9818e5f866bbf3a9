import helmet from '@fastify/helmet'
import fastify, { LogController, type FastifyInstance } from 'fastify'
import { DEMO_ACCOUNTS } from './access/demo-accounts.ts'
import type { Config } from './config.ts'
import access from './plugins/access.ts'
import answerCache from './plugins/answer-cache.ts'
import database from './plugins/database.ts'
import errorBody from './plugins/error-body.ts'
import metrics from './plugins/metrics.ts'
import openapi from './plugins/openapi.ts'
import validation from './plugins/validation.ts'
import webPages from './plugins/web-pages.ts'
import collectors from './routes/collectors/routes.ts'
import account from './routes/account/routes.ts'
import apiTokens from './routes/api-tokens/routes.ts'
import dictionaries from './routes/dictionaries/routes.ts'
import evidence from './routes/evidence/routes.ts'
import health from './routes/health/routes.ts'
import humanChecks from './routes/human-checks/routes.ts'
import indicators from './routes/indicators/routes.ts'
import imports from './routes/imports/routes.ts'
import objections from './routes/objections/routes.ts'
import orgUnits from './routes/org-units/routes.ts'
import signIn from './routes/sign-in/routes.ts'
import sites from './routes/sites/routes.ts'
import tasks from './routes/tasks/routes.ts'
import users from './routes/users/routes.ts'

const BODY_LIMIT_BYTES = 16 * 1024 * 1024

/** What the application needs besides its settings. */
export interface AppDependencies {
  /** Address of the database for the application role. */
  application_url: string
}

/** Builds the API. It never listens and reads nothing of the process: tests and generators use the same one. */
export async function buildApp(config: Config, dependencies: AppDependencies): Promise<FastifyInstance> {
  const app = fastify({
    logger: config.log_level === 'silent' ? false : { level: config.log_level },
    bodyLimit: BODY_LIMIT_BYTES,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => crypto.randomUUID(),
    routerOptions: { maxParamLength: 200 },
  })
  await app.register(validation)
  await app.register(errorBody)
  await app.register(helmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  })
  await app.register(database, { database_url: dependencies.application_url })
  await app.register(access, { time_zone: config.time_zone })
  await app.register(answerCache)
  await app.register(openapi)
  await app.register(metrics)
  await app.register(health)
  await app.register(signIn, {
    is_secure: config.public_origin?.startsWith('https:') ?? false,
    has_openid_connect: false,
    demo_accounts: config.demo_accounts ? DEMO_ACCOUNTS : [],
  })
  await app.register(account)
  await app.register(users, { public_origin: config.public_origin })
  await app.register(apiTokens, { time_zone: config.time_zone })
  await app.register(collectors, config)
  await app.register(dictionaries)
  await app.register(evidence)
  await app.register(humanChecks, { time_zone: config.time_zone })
  await app.register(sites, { time_zone: config.time_zone })
  await app.register(imports, config)
  await app.register(orgUnits, { time_zone: config.time_zone })
  await app.register(objections, config)
  await app.register(tasks, config)
  await app.register(indicators, { time_zone: config.time_zone })
  await app.register(webPages)
  return app
}
