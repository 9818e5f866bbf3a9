/** In this order: most browsers name the others, too. */
const BROWSERS: readonly (readonly [mark: string, name: string])[] = [
  ['YaBrowser', 'Яндекс Браузер'],
  ['Edg', 'Edge'],
  ['OPR', 'Opera'],
  ['Firefox', 'Firefox'],
  ['HeadlessChrome', 'Chrome'],
  ['Chrome', 'Chrome'],
  ['Safari', 'Safari'],
]
const SYSTEMS: readonly (readonly [mark: string, name: string])[] = [
  ['Android', 'Android'],
  ['iPhone', 'iOS'],
  ['iPad', 'iPadOS'],
  ['Windows', 'Windows'],
  ['Mac OS X', 'macOS'],
  ['Linux', 'Linux'],
]

/** Browser and system as a browser names itself, "Firefox, Linux"; null when it names neither. */
export function nameBrowser(user_agent: string): string | null {
  const find = (list: typeof BROWSERS): string | undefined => list.find(([mark]) => user_agent.includes(mark))?.[1]
  const names = [find(BROWSERS), find(SYSTEMS)].filter((name) => name !== undefined)
  return names.length === 0 ? null : names.join(', ')
}
