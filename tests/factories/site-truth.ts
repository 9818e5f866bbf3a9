import type { SiteTruth } from '../../collectors/src/demo-region/farm/farm-files.ts'

/** A sound site of the simulated region under a secure address; `number` makes it one of its kind. */
export function makeTruth(number: number, own: Partial<SiteTruth> = {}): SiteTruth {
  const host = `school-${number}.example`
  return {
    key: `school-${number}`,
    url: `https://${host}/`,
    host,
    address: '127.10.5.1',
    hoster: 'own',
    platform: 'own',
    grade: 'whole_current',
    charset: 'utf-8',
    robots: 'open',
    fault: null,
    cause: null,
    ...own,
  }
}
