import type { Language } from './language.ts'

/** Things of which one is meant: "PDF, PNG или JPEG". */
export function formatEither(words: readonly string[], language: Language): string {
  return new Intl.ListFormat(language === 'en' ? 'en-GB' : language, { type: 'disjunction' }).format(words)
}
