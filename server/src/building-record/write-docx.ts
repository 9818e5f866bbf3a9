import {
  Document,
  HeadingLevel,
  Packer,
  PageOrientation,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
  type IRunOptions,
} from 'docx'
import type { RecordContent } from './record-content.ts'
import { stampZip } from './stamp-zip.ts'

export const DOCX_MEDIA_TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

const FONT = 'Arial'
/** Half points. */
const SIZE = 18
const SMALL = 16
/** Twentieths of a point: 1.27 cm. */
const MARGIN = 720
const WHOLE_WIDTH = { size: 100, type: WidthType.PERCENTAGE }

function line(run: IRunOptions): Paragraph {
  return new Paragraph({ children: [new TextRun(run)] })
}

function cell(text: string, { bold = false, size = SIZE } = {}): TableCell {
  const run: IRunOptions = { text, bold, size }
  return new TableCell({ children: [line(run)] })
}

function writeSection({ heading, lines }: RecordContent['sections'][number]): (Paragraph | Table)[] {
  const rows = lines.map(([label, value]) => new TableRow({ children: [cell(label), cell(value)] }))
  return [
    new Paragraph({ text: heading, heading: HeadingLevel.HEADING_2 }),
    new Table({ width: WHOLE_WIDTH, columnWidths: [3600, 10_800], rows }),
  ]
}

function writeTable({ heading, header, rows }: RecordContent['table']): (Paragraph | Table)[] {
  const titles = new TableRow({
    tableHeader: true,
    children: header.map((text) => cell(text, { bold: true, size: SMALL })),
  })
  const body = rows.map(
    (row) => new TableRow({ cantSplit: true, children: row.map((text) => cell(text, { size: SMALL })) }),
  )
  return [
    new Paragraph({ text: heading, heading: HeadingLevel.HEADING_2 }),
    new Table({ width: WHOLE_WIDTH, rows: [titles, ...body] }),
  ]
}

/** The file's own description: the library would write the time of the call. */
function writeCoreProperties(title: string, created_at: Date): string {
  const at = created_at.toISOString()
  return `<?xml version="1.0" encoding="UTF-8"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${title}</dc:title><dc:creator>Edumon</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${at}</dcterms:modified></cp:coreProperties>`
}

/**
 * The record as a text document that can be edited before it is sent.
 * @param created_at what the file says of its making: equal content and time give equal bytes
 */
export async function writeRecordDocx(content: RecordContent, created_at: Date): Promise<Buffer> {
  const { signatures, subtitle, title, warning } = content
  const document = new Document({
    styles: { default: { document: { run: { font: FONT, size: SIZE } } } },
    sections: [
      {
        properties: {
          page: {
            size: { orientation: PageOrientation.LANDSCAPE, width: 11_906, height: 16_838 },
            margin: { top: MARGIN, right: MARGIN, bottom: MARGIN, left: MARGIN },
          },
        },
        children: [
          new Paragraph({ text: title, heading: HeadingLevel.HEADING_1 }),
          new Paragraph(subtitle),
          ...(warning === null ? [] : [line({ text: warning, bold: true })]),
          ...content.sections.flatMap(writeSection),
          ...writeTable(content.table),
          ...signatures.map((text) => new Paragraph({ text, spacing: { before: 360 } })),
        ],
      },
    ],
  })
  const core = { path: 'docProps/core.xml', data: writeCoreProperties(title, created_at) }
  return stampZip(await Packer.toBuffer(document, undefined, [core]))
}
