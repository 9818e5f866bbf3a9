import { existsSync } from 'node:fs'
import { parseHead, type AuditHead } from '../audit/audit-head.ts'
import { verifyChain, type AuditFinding } from '../audit/verify-chain.ts'
import { BackupReader } from '../backup/backup-reader.ts'
import type { Config } from '../config.ts'
import { withInstallation } from './reach-database.ts'

async function readHead(text: string): Promise<AuditHead> {
  const head = parseHead(text)
  if (head !== null) return head
  if (!existsSync(text)) throw new Error(`--head: found "${text}", expected a head from the log, its hash, or a backup`)
  const backup = await BackupReader.open(text)
  await backup.close()
  if (backup.manifest.audit_head === null)
    throw new Error(`${text} was made before anything was sealed: it has no head`)
  return backup.manifest.audit_head
}

function describeFinding({ fault, audit_event_id, seal_no }: AuditFinding): string {
  const event = audit_event_id ?? 0
  const seal = seal_no ?? 0
  switch (fault) {
    case 'event_removed':
      return `event ${event} was removed: seal ${seal} names it`
    case 'event_changed':
      return `event ${event} was changed: it is not what seal ${seal} says`
    case 'event_inserted':
      return `event ${event} was put in afterwards: seal ${seal} does not know it`
    case 'seal_removed':
      return `seal ${seal} was removed: it covered events from ${event}`
    case 'seal_changed':
      return `seal ${seal} was changed, or the one before it was`
    case 'tail_cut':
      return `the end was cut off from event ${event}, seal ${seal}, on: the remembered head is a later one`
    case 'head_unknown':
      return seal_no === null
        ? 'the remembered head is not in the chain: its end was cut off or written anew'
        : `seal ${seal} is not the remembered one: the chain was written anew`
  }
}

/**
 * Recomputes the chain over the audit and says what is not as it was sealed.
 * @param head head from the log, its hash, or a backup file; absent: a cut end is not looked for
 * @returns whether all is as it was sealed
 */
export async function verify(config: Config, head: string | undefined): Promise<boolean> {
  const remembered = head === undefined ? null : await readHead(head)
  const verdict = await withInstallation(config, (db) => verifyChain(db, remembered))
  const { seals, sealed_events, unsealed_events, findings } = verdict
  console.log(`${sealed_events} events in ${seals} seals; ${unsealed_events} not sealed yet`)
  if (remembered === null) console.log('No head was given: a cut end cannot be seen')
  for (const finding of findings) console.error(describeFinding(finding))
  console.log(findings.length === 0 ? 'The audit is whole' : `${findings.length} findings`)
  return findings.length === 0
}
