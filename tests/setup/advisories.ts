import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { readAudit } from './read-audit.ts'

/** Asks the registry for advisories against what is installed; needs a registry that has a service for them. */
const { stdout, stderr } = spawnSync('npm', ['audit', '--json', ...process.argv.slice(2)], {
  cwd: join(import.meta.dirname, '../..'),
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
})
const { message, code } = readAudit(stdout, stderr)
console.log(message)
process.exitCode = code
