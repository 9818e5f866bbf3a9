import fastify, { LogController, type FastifyInstance } from 'fastify'
import { DEMO_ACCOUNTS } from './access/demo-accounts.ts'
import type { Config } from './config.ts'
import { CLASS_LIMITS } from './limits/route-class.ts'
import { loggerOptions } from './log-lines.ts'
import access from './plugins/access.ts'
import answerCache from './plugins/answer-cache.ts'
import database from './plugins/database.ts'
import { answerBrokenRequest } from './plugins/broken-request.ts'
import errorBody, { sendError } from './plugins/error-body.ts'
import headers from './plugins/headers.ts'
import limits from './plugins/limits.ts'
import metrics from './plugins/metrics.ts'
import openapi from './plugins/openapi.ts'
import pressure from './plugins/pressure.ts'
import queryTimes from './plugins/query-times.ts'
import requestLog from './plugins/request-log.ts'
import stopping from './plugins/stopping.ts'
import validation from './plugins/validation.ts'
import webPages from './plugins/web-pages.ts'
import agent from './routes/agent/routes.ts'
import audit from './routes/audit/routes.ts'
import collectors from './routes/collectors/routes.ts'
import account from './routes/account/routes.ts'
import apiTokens from './routes/api-tokens/routes.ts'
import dictionaries from './routes/dictionaries/routes.ts'
import evidence from './routes/evidence/routes.ts'
import health from './routes/health/routes.ts'
import humanChecks from './routes/human-checks/routes.ts'
import indicators from './routes/indicators/routes.ts'
import imports from './routes/imports/routes.ts'
import buildingRecord from './routes/building-record/routes.ts'
import internetVerdicts from './routes/internet-verdicts/routes.ts'
import objections from './routes/objections/routes.ts'
import operatorAppeals from './routes/operator-appeals/routes.ts'
import orgUnits from './routes/org-units/routes.ts'
import openidConnect from './routes/sign-in/openid-connect.ts'
import schoolCodes from './routes/school-codes/routes.ts'
import signIn from './routes/sign-in/routes.ts'
import internet from './routes/internet/routes.ts'
import sites from './routes/sites/routes.ts'
import speedTickets from './routes/speed-tickets/routes.ts'
import speedTests from './routes/speed-tests/routes.ts'
import tasks from './routes/tasks/routes.ts'
import users from './routes/users/routes.ts'

/** A request must have arrived whole by then, a file over a slow line included. */
const RECEIVE_LIMIT_MS = 300_000

/** What the application needs besides its settings. */
export interface AppDependencies {
  /** Address of the database for the application role. */
  application_url: string
}

/** Builds the API. It never listens and reads nothing of the process: tests and generators use the same one. */
export async function buildApp(config: Config, dependencies: AppDependencies): Promise<FastifyInstance> {
  const app = fastify({
    logger: loggerOptions(config.log_level),
    bodyLimit: CLASS_LIMITS.public.body_bytes,
    requestTimeout: RECEIVE_LIMIT_MS,
    trustProxy: config.transport.trusted_proxies.length > 0 ? config.transport.trusted_proxies : false,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: () => crypto.randomUUID(),
    routerOptions: { maxParamLength: 200 },
    // Faults that are found before any route is: an address that cannot be read, a parameter that is too long.
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
    clientErrorHandler: answerBrokenRequest,
    return503OnClosing: false,
  })
  await app.register(queryTimes)
  await app.register(validation)
  await app.register(errorBody)
  await app.register(headers, { ...config.transport, measurement_url: config.measurement.url })
  await app.register(stopping)
  await app.register(limits, config.limits)
  await app.register(pressure, config.limits)
  await app.register(database, { database_url: dependencies.application_url })
  await app.register(access, config)
  await app.register(requestLog)
  await app.register(answerCache, { list_age_ms: config.list_age_ms })
  await app.register(openapi)
  await app.register(metrics)
  await app.register(health)
  await app.register(signIn, {
    has_openid_connect: config.openid_connect !== null,
    demo_accounts: config.demo_accounts ? DEMO_ACCOUNTS : [],
  })
  await app.register(openidConnect, config)
  await app.register(account)
  await app.register(users, config)
  await app.register(apiTokens, { time_zone: config.time_zone })
  await app.register(audit, { time_zone: config.time_zone })
  await app.register(collectors, config)
  await app.register(dictionaries)
  await app.register(evidence)
  await app.register(humanChecks, config)
  await app.register(sites, config)
  await app.register(speedTests, config)
  await app.register(internet, config)
  await app.register(imports, config)
  await app.register(orgUnits, { time_zone: config.time_zone })
  await app.register(objections, config)
  await app.register(tasks, config)
  await app.register(indicators, { time_zone: config.time_zone })
  await app.register(speedTickets, config)
  await app.register(schoolCodes)
  await app.register(internetVerdicts, { time_zone: config.time_zone })
  await app.register(buildingRecord, { time_zone: config.time_zone })
  await app.register(operatorAppeals, { time_zone: config.time_zone })
  await app.register(agent, config)
  await app.register(webPages)
  return app
}
