interface Audit {
  message?: string
  error?: { summary?: string; code?: string }
  vulnerabilities?: Record<string, { name: string; severity: string; range: string }>
}

/** What came of asking for advisories. Code 0: none; 1: there are some; 2: nobody could be asked. */
export interface AuditOutcome {
  message: string
  code: 0 | 1 | 2
}

function parse(text: string): Audit | null {
  try {
    return JSON.parse(text) as Audit
  } catch {
    return null
  }
}

/** Reads the output of `npm audit --json`: a registry without advisories must never look like none being known. */
export function readAudit(stdout: string, stderr: string): AuditOutcome {
  const audit = parse(stdout)
  if (audit?.vulnerabilities === undefined) {
    const reason = [audit?.message, audit?.error?.summary, stderr.split('\n')[0]].find(
      (text) => text !== undefined && text !== '',
    )
    const message =
      'No answer: the registry has no advisory service. Ask one that has (npm run advisories -- --registry=URL).'
    return { code: 2, message: reason === undefined ? message : `${message}\n${reason}` }
  }
  const found = Object.values(audit.vulnerabilities)
  if (found.length === 0) return { code: 0, message: 'No advisories' }
  return { code: 1, message: found.map(({ name, severity, range }) => `${severity}: ${name} ${range}`).join('\n') }
}
