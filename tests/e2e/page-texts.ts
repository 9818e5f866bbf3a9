import type { Page, Response } from 'playwright-core'

/** Texts that the server keeps in both languages: the Russian one excuses no Russian in an English page. */
const RUSSIAN_KEY = 'ru'

/** The page sets quotation marks of names in its own way, and spaces do not count. */
const strip = (text: string): string =>
  text
    .replaceAll(/["'«»„“]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()

function listStrings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => (key === RUSSIAN_KEY ? [] : listStrings(inner)))
}

/** Gathers the Russian texts that the page receives as data: names, addresses, quotations from sites and acts. */
export function watchData(page: Page): { read: () => Promise<string[]> } {
  const answers: Response[] = []
  page.on('response', (answer) => {
    if (new URL(answer.url()).pathname.startsWith('/api/')) answers.push(answer)
  })
  const read = async (): Promise<string[]> => {
    const bodies: unknown[] = await Promise.all(answers.splice(0).map((answer) => answer.json()))
    const texts = bodies.flatMap(listStrings).map(strip)
    return [...new Set(texts)].filter((text) => /\p{Script=Cyrillic}/u.test(text))
  }
  return { read }
}

/** Russian texts and labels of the page that are not data; longer data are taken out first. */
export async function listForeignTexts(page: Page, data: readonly string[]): Promise<string[]> {
  const found = await page.evaluate(() => {
    const texts: string[] = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (node instanceof Element) {
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) texts.push(node.getAttribute(name) ?? '')
      } else if (!node.parentElement?.closest('noscript, script, style')) texts.push(node.textContent ?? '')
    }
    return texts.filter((text) => /\p{Script=Cyrillic}/u.test(text))
  })
  const longestFirst = data.toSorted((left, right) => right.length - left.length)
  const left = found.map((text) => longestFirst.reduce((rest, known) => rest.replaceAll(known, ''), strip(text)))
  return [...new Set(left)].filter((text) => /\p{Script=Cyrillic}/u.test(text))
}
