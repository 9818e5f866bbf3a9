/**
 * Builds the dashboard into a scratch folder and measures what a first visit to each page loads: the entry and the
 * page with everything they import statically. Fails when one exceeds the limit.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

interface Chunk {
  file: string
  isEntry?: boolean
  imports?: string[]
  css?: string[]
}

const LIMIT_BYTES = 250_000
const outDir = mkdtempSync(join(tmpdir(), 'edumon-bundle-'))
await build({ root: join(import.meta.dirname, '..'), logLevel: 'warn', build: { outDir, emptyOutDir: true } })
const manifest = JSON.parse(readFileSync(join(outDir, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>

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
  for (const file of files) total += gzipSync(readFileSync(join(outDir, file))).length
  return total
}

const entry = Object.keys(manifest).find((key) => manifest[key]?.isEntry === true)
if (entry === undefined) throw new Error('The manifest names no entry')
/** Pages for whoever is signed in stand in the frame, which is a chunk of its own. */
const FRAME = 'src/AppFrame.vue'
const withoutFrame = /^src\/pages\/(SignIn\w*|SpeedTest)Page\.vue$/
const pages = Object.keys(manifest).filter((key) => /^src\/pages\/\w+Page\.vue$/.test(key))

let isOver = false
for (const page of pages) {
  const chunks = collectChunks(page, collectChunks(entry, new Set()))
  if (!withoutFrame.test(page)) collectChunks(FRAME, chunks)
  const scripts = new Set([...chunks].flatMap((key) => manifest[key]?.file ?? []))
  const styles = new Set([...chunks].flatMap((key) => manifest[key]?.css ?? []))
  const bytes = measureGzip(scripts)
  isOver ||= bytes > LIMIT_BYTES
  const kilobytes = (value: number): string => (value / 1000).toFixed(1)
  console.log(
    `${page.slice('src/pages/'.length)}: ${kilobytes(bytes)} kB of JavaScript, ${kilobytes(measureGzip(styles))} kB of styles (gzip)`,
  )
}
rmSync(outDir, { recursive: true, force: true })
if (isOver) {
  console.error(`A first visit must stay under ${LIMIT_BYTES / 1000} kB of JavaScript (gzip)`)
  process.exitCode = 1
}
