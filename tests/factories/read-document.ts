import { strFromU8, unzipSync } from 'fflate'
import { extractText } from 'unpdf'

/** Text of all pages of a PDF, as pdf.js reads it. */
export async function readPdfText(pdf: Buffer): Promise<string> {
  const { text } = await extractText(new Uint8Array(pdf), { mergePages: true })
  return text.replaceAll(/\s+/g, ' ')
}

/** Text of a DOCX, a paragraph a line. */
export function readDocxText(docx: Buffer): string {
  const part = unzipSync(new Uint8Array(docx))['word/document.xml']
  if (part === undefined) throw new Error('no document in this file')
  return strFromU8(part)
    .replaceAll('</w:p>', '\n')
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll(/[ \u00a0]+/g, ' ')
}
