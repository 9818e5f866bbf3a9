/** Lower case, ё as е, every kind of space as one: the form that the patterns of the rule data are written for. */
export function normaliseText(text: string): string {
  return text.toLowerCase().replaceAll('ё', 'е').replace(/\s+/gu, ' ').trim()
}

/** Words of a menu item or heading that carry sense: letters only, longer than three. */
function wordsOf(text: string): string[] {
  return normaliseText(text)
    .split(/[^a-zа-я]+/u)
    .filter((word) => word.length > 3)
}

/** Name lengths: one stem allows no other word («Образование», not «Дополнительное образование»), more allow some. */
const EXTRA_WORDS = [0, 0, 3, 5] as const
const EXTRA_WORDS_MOST = 5
/** Longer link texts are news, not names. */
const NAME_LENGTH = 200

/** A thing that menus and headings name: each name as word stems, and the full title, whose words are never too much. */
export interface KnownName {
  title: string
  names: readonly (readonly string[])[]
}

function matchStems(
  words: readonly string[],
  stems: readonly string[],
  title_words: ReadonlySet<string>,
): number | null {
  const left = [...words]
  for (const stem of stems) {
    const at = left.findIndex((word) => word.startsWith(stem))
    if (at < 0) return null
    left.splice(at, 1)
  }
  const extra = left.filter((word) => stems.length === 1 || !title_words.has(word)).length
  return extra <= (EXTRA_WORDS[stems.length] ?? EXTRA_WORDS_MOST) ? extra : null
}

/**
 * How well a text names a thing, its words in any order: number of words that are too much, 0 the best; null when the
 * text does not name it or says too much else.
 */
export function matchName(text: string, known: KnownName): number | null {
  if (text.length > NAME_LENGTH) return null
  const words = wordsOf(text)
  const title_words = new Set(wordsOf(known.title))
  const scores = known.names.map((stems) => matchStems(words, stems, title_words)).filter((score) => score !== null)
  return scores.length === 0 ? null : Math.min(...scores)
}
