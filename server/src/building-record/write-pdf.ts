import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pdfmake from 'pdfmake'
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { RecordContent } from './record-content.ts'

export const PDF_MEDIA_TYPE = 'application/pdf'

/** Roboto comes with pdfmake, has Cyrillic letters and is embedded in part: no reader needs it installed. */
const FONTS = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto')
const MARGIN_PT = 36
const COLUMN_WIDTHS = [24, 82, 60, 80, 64, 78, 96, '*']

pdfmake.setFonts({ Roboto: { normal: join(FONTS, 'Roboto-Regular.ttf'), bold: join(FONTS, 'Roboto-Medium.ttf') } })
// Nothing but the fonts is read, whatever a text says.
pdfmake.setUrlAccessPolicy(() => false)
pdfmake.setLocalAccessPolicy((path) => path.startsWith(FONTS))

function writeSection({ heading, lines }: RecordContent['sections'][number]): Content {
  const body = lines.map(([label, value]) => [{ text: label, color: '#555555' }, { text: value }])
  return [
    { text: heading, style: 'heading' },
    { layout: 'noBorders', table: { widths: [170, '*'], body } },
  ]
}

function writeTable({ heading, header, rows }: RecordContent['table']): Content {
  const titles = header.map((text) => ({ text, bold: true }))
  return [
    { text: heading, style: 'heading' },
    {
      fontSize: 8,
      table: {
        headerRows: 1,
        keepWithHeaderRows: 1,
        dontBreakRows: true,
        widths: COLUMN_WIDTHS,
        body: [titles, ...rows],
      },
    },
  ]
}

/**
 * The record as a PDF of A4 pages across.
 * @param created_at what the file says of its making: equal content and time give equal bytes
 */
export async function writeRecordPdf(content: RecordContent, created_at: Date): Promise<Buffer> {
  const definition: TDocumentDefinitions = {
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: MARGIN_PT,
    defaultStyle: { font: 'Roboto', fontSize: 9 },
    styles: { title: { fontSize: 15, bold: true }, heading: { fontSize: 11, bold: true, margin: [0, 10, 0, 4] } },
    info: { title: content.title, creationDate: created_at, modDate: created_at },
    language: 'ru',
    footer: (page, pages) => ({
      text: `${page} / ${pages}`,
      alignment: 'right',
      margin: [0, 8, MARGIN_PT, 0],
      fontSize: 8,
    }),
    content: [
      { text: content.title, style: 'title' },
      { text: content.subtitle },
      ...(content.warning === null
        ? []
        : [{ text: content.warning, bold: true, margin: [0, 4, 0, 0] as [number, number, number, number] }]),
      ...content.sections.map(writeSection),
      writeTable(content.table),
      ...content.signatures.map((text) => ({ text, margin: [0, 16, 0, 0] as [number, number, number, number] })),
    ],
  }
  return await pdfmake.createPdf(definition).getBuffer()
}
