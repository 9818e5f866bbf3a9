import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { backUp, restore } from './commands/backup.ts'
import { startDemo, type DemoOptions } from './commands/demo.ts'
import { lockDataFolder, requireFreeDataFolder } from './commands/data-folder-lock.ts'
import { forgetOldFiles } from './commands/forget-files.ts'
import {
  applyImport,
  decideMissing,
  issueUploadToken,
  uploadFile,
  type MissingDecision,
} from './commands/import-file.ts'
import { printDryRun } from './commands/print-dry-run.ts'
import { prepareDatabase } from './commands/prepare-database.ts'
import { Shutdown } from './commands/shutdown.ts'
import { start } from './commands/start.ts'
import { printAdministratorLink } from './commands/administrator-link.ts'
import { printCollectorToken } from './commands/collector-token.ts'
import { verify } from './commands/verify.ts'
import { readConfig, readDemoConfig } from './config.ts'
import { removePostgresPlace } from './db/embedded/postgres-place.ts'
import { dayInZone } from './domain/region-day.ts'

const MINIMUM_NODE = [22, 19] as const

const USAGE = `edumon COMMAND
  start    database, API with the web pages, measurement server, one collector
  demo     the same over a simulated region (--reset begins anew)
  import FILE [--kind registry] [--valid-on YYYY-MM-DD] [--territory ОКТМО] [--apply]
         [--missing keep|withdraw --reason TEXT [--units N,N]]
           upload a sheet to the running server and show what it would change; --apply does it;
           --missing says what becomes of units that an earlier file had and this one lacks
  administrator [--login NAME]
           print a one-time link by which that administrator sets a password
  token --name NAME --work sites|sheets|measurement [--vantage local]
           print a token of that collector or measurement server, for its secret file; an earlier one printed here is revoked
  migrate  bring the database up to date; --watch goes on making the partitions of the coming months and removing
           files whose storage term is over
  backup FILE
           write all of the database into one file, also while the system runs
  restore FILE [--keep-tokens]
           fill a new database from a backup, of this version or an earlier one; sessions and links end, and tokens
           are revoked unless --keep-tokens says otherwise
  verify [--head HEAD|FILE]
           recompute the chain over the audit; HEAD from the log or FILE, a backup, tells whether its end was cut
  forget-files
           remove pictures and objections' files whose storage term is over, as the running system does once a day
  reset    remove the data folder with the embedded database`

function checkRuntime(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isOld = major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])
  if (isOld)
    throw new Error(`Node ${process.version} is too old: ${MINIMUM_NODE.join('.')} or newer is needed; run through npm`)
}

function readWhole(name: string, text: string, max: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value > max)
    throw new Error(`--${name}: found "${text}", expected a whole number up to ${max}`)
  return value
}

function readDemoOptions(): DemoOptions {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      reset: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      schools: { type: 'string', default: '1000' },
      'http-port': { type: 'string', default: '8090' },
      'https-port': { type: 'string', default: '8453' },
    },
  })
  return {
    reset: values.reset,
    seed: readWhole('seed', values.seed, 2 ** 31),
    schools: readWhole('schools', values.schools, 20_000),
    http_port: readWhole('http-port', values['http-port'], 65_535),
    https_port: readWhole('https-port', values['https-port'], 65_535),
  }
}

async function printGivenAdministratorLink(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { login: { type: 'string', default: 'administrator' } },
  })
  await printAdministratorLink(readConfig(), values.login)
}

async function printGivenCollectorToken(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      name: { type: 'string', default: '' },
      work: { type: 'string', default: '' },
      vantage: { type: 'string', default: 'local' },
    },
  })
  await printCollectorToken(readConfig(), values)
}

function readMissingDecision(values: { missing?: string; reason?: string; units?: string }): MissingDecision | null {
  const { missing: outcome, reason, units } = values
  if (outcome === undefined) return null
  if (outcome !== 'keep' && outcome !== 'withdraw')
    throw new Error(`--missing: found "${outcome}", expected keep or withdraw`)
  if (reason === undefined) throw new Error('--missing needs --reason: why they are kept or withdrawn')
  const org_unit_ids = units?.split(',').map((text) => readWhole('units', text.trim(), Number.MAX_SAFE_INTEGER)) ?? null
  return { outcome, reason, org_unit_ids }
}

async function importGivenFile(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: {
      kind: { type: 'string', default: 'registry' },
      'valid-on': { type: 'string' },
      territory: { type: 'string' },
      apply: { type: 'boolean', default: false },
      missing: { type: 'string' },
      reason: { type: 'string' },
      units: { type: 'string' },
    },
  })
  const [file] = positionals
  if (file === undefined) throw new Error(`import: which file?\n${USAGE}`)
  const config = readConfig()
  const server = { url: `http://127.0.0.1:${config.port}`, token: config.token ?? (await issueUploadToken(config)) }
  const valid_on = values['valid-on'] ?? dayInZone(new Date(), config.time_zone)
  const request = { file, kind: values.kind, valid_on, territory_oktmo: values.territory }
  const decision = readMissingDecision(values)
  const uploaded = await uploadFile(server, request)
  const validated = decision === null ? uploaded : await decideMissing(server, uploaded, decision)
  await printDryRun(server, validated)
  if (values.apply) console.log(`Состояние: ${(await applyImport(server, validated)).state}`)
}

/** The file that a command is about, its only argument. */
function requireFile(command: string, [file, ...others]: readonly string[]): string {
  if (file === undefined || others.length > 0) throw new Error(`${command}: one file is needed\n${USAGE}`)
  return resolve(file)
}

async function backUpToGiven(): Promise<void> {
  const { positionals } = parseArgs({ args: process.argv.slice(3), allowPositionals: true, options: {} })
  await backUp(readConfig(), requireFile('backup', positionals))
}

async function restoreGiven(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: { 'keep-tokens': { type: 'boolean', default: false } },
  })
  await restore(readConfig(), requireFile('restore', positionals), { keep_tokens: values['keep-tokens'] })
}

/** Migrates and ends, or stays for what the owner goes on doing. */
async function migrateGiven(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: { watch: { type: 'boolean', default: false } },
  })
  const config = readConfig()
  lockDataFolder(config.data_dir)
  const shutdown = new Shutdown()
  const database = await shutdown.begin(
    () => prepareDatabase(config),
    (begun) => begun.stop(),
  )
  if (!values.watch) await database.stop()
}

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  start: () => start(readConfig()),
  demo: () => startDemo(readDemoConfig(), readDemoOptions()),
  import: importGivenFile,
  administrator: printGivenAdministratorLink,
  token: printGivenCollectorToken,
  migrate: migrateGiven,
  backup: backUpToGiven,
  restore: restoreGiven,
  verify: async () => {
    const { values } = parseArgs({ args: process.argv.slice(3), options: { head: { type: 'string' } } })
    if (!(await verify(readConfig(), values.head))) process.exitCode = 1
  },
  'forget-files': () => forgetOldFiles(readConfig()),
  reset: () => {
    const { data_dir } = readConfig()
    requireFreeDataFolder(data_dir)
    removePostgresPlace(data_dir)
    return Promise.resolve()
  },
}

try {
  checkRuntime()
  const command = COMMANDS[process.argv[2] ?? '']
  if (command === undefined) {
    console.error(USAGE)
    process.exitCode = 2
  } else await command()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
