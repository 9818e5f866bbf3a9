/**
 * Measures what a first visit loads: the entry with everything it imports statically and its styles, and each page's
 * own part on top. Fails when a page's first visit exceeds the limit. Run after `vite build`.
 */
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
  css?: string[]
}

const LIMIT_BYTES = 250_000
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8')) as Record<string, Chunk>

/** The chunks that load together with the given one. */
function collectChunks(key: string, seen: Set<string>): Set<string> {
  const chunk = manifest[key]
  if (chunk === undefined || seen.has(key)) return seen
  seen.add(key)
  for (const imported of chunk.imports ?? []) collectChunks(imported, seen)
  return seen
}

function measureGzip(files: Iterable<string>): number {
  let total = 0
  for (const file of files) total += gzipSync(readFileSync(new URL(file, dist))).length
  return total
}

const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry === true)
if (entry === undefined) throw new Error('The manifest names no entry: run the build first')
const pages = Object.keys(manifest).filter((key) => /^src\/pages\/\w+Page\.vue$/.test(key))

let isOver = false
for (const page of pages) {
  const chunks = collectChunks(page, collectChunks(entry, new Set()))
  const scripts = new Set([...chunks].flatMap((key) => manifest[key]?.file ?? []))
  const styles = new Set([...chunks].flatMap((key) => manifest[key]?.css ?? []))
  const bytes = measureGzip(scripts)
  isOver ||= bytes > LIMIT_BYTES
  const kilobytes = (value: number): string => (value / 1000).toFixed(1)
  console.log(
    `${page.slice('src/pages/'.length)}: ${kilobytes(bytes)} kB of JavaScript, ${kilobytes(measureGzip(styles))} kB of styles (gzip)`,
  )
}
if (isOver) {
  console.error(`A first visit must stay under ${LIMIT_BYTES / 1000} kB of JavaScript (gzip)`)
  process.exitCode = 1
}
