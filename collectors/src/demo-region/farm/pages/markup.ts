import type { MarkupStyle } from '../../content-grades.ts'
import { escapeHtml } from './escape.ts'
import type { Block, Item } from './section-blocks.ts'

/** Names of older rules that real sites still carry, by the current name. */
const OUTDATED: Record<string, string> = {
  addressPlaceSet: 'addressPlace',
  qualification: 'teachingQual',
  specExperience: 'genExperience',
  opMain: 'eduAdOp',
  purposeCab: 'objCnt',
  osnCab: 'objSq',
  paidEdu: 'paidEduDocLink',
  paidDog: 'paidEduDogDocLink',
  paidSt: 'paidEduStoimDocLink',
  volume: 'finRec',
  finPlanDocLink: 'planFinRec',
  grant: 'federalGrant',
  support: 'localGrant',
  eduName: 'nameProgVacant',
  numberBRVacant: 'bachelorVacant',
}

const MISSPELT: Record<string, string> = { shortName: 'shrotName', telephone: 'telefone' }

/** Columns whose cells are links to documents. */
const DOCUMENT_COLUMNS = new Set([
  'opMain',
  'educationPlan',
  'educationRpd',
  'educationShedule',
  'methodology',
  'divisionClauseDocLink',
])

function nameFor(style: MarkupStyle, prop: string): string {
  if (style === 'outdated') return OUTDATED[prop] ?? prop
  return style === 'faulty' ? (MISSPELT[prop] ?? prop) : prop
}

function writeAttribute(style: MarkupStyle, prop: string | null): string {
  if (style === 'none' || prop === null) return ''
  if (style === 'faulty' && prop.startsWith('fin')) return ` itemprop=”${prop}”`
  return ` ${style === 'react' ? 'itemProp' : 'itemprop'}="${nameFor(style, prop)}"`
}

function writeValue({ value, href }: Item): string {
  const text = escapeHtml(value)
  return href === undefined ? text : `<a href="${escapeHtml(href)}">${text}</a>`
}

function writeItem(style: MarkupStyle, item: Item): string {
  const attribute = writeAttribute(style, item.prop)
  if (style === 'faulty' && item.prop === 'regDate') {
    return `<tr><td colspan="2"${attribute}>${escapeHtml(item.label)}: ${writeValue(item)} г.</td></tr>`
  }
  const hidden =
    style === 'faulty' && item.prop === 'eduPerevodEl'
      ? '<span style="display:none" itemprop="eduPerevodEl">X</span>'
      : ''
  return `<tr><th scope="row">${escapeHtml(item.label)}</th><td${attribute}>${writeValue(item)}${hidden}</td></tr>`
}

type Records = Extract<Block, { kind: 'records' }>

function writeHeader(style: MarkupStyle, { columns, prop }: Records): string {
  const cells = columns.map(({ label }) => `<th scope="col">${escapeHtml(label)}</th>`).join('')
  return `<tr${style === 'faulty' && prop === 'structOrgUprav' ? writeAttribute(style, prop) : ''}>${cells}</tr>`
}

function writeRecord(style: MarkupStyle, { columns, prop }: Records, row: readonly string[]): string {
  const cells = columns.map(({ prop: name }, index) => {
    const text = style === 'faulty' && name === 'teachingLevel' ? '' : escapeHtml(row[index] ?? '')
    const value = DOCUMENT_COLUMNS.has(name) ? `<a href="/files/${name.toLowerCase()}-${index}.pdf">${text}</a>` : text
    return `<td${writeAttribute(style, name)}>${value}</td>`
  })
  const isOnVoidTag = style === 'faulty' && prop.startsWith('rucovodstvo')
  if (isOnVoidTag)
    return `<tr><td colspan="${columns.length}"><br itemprop="${prop}"></td></tr><tr>${cells.join('')}</tr>`
  const isOnHeader = style === 'faulty' && prop === 'structOrgUprav'
  return `<tr${isOnHeader ? '' : writeAttribute(style, prop)}>${cells.join('')}</tr>`
}

/** HTML of one block in the given style of markup; the faulty style makes the typical faults of real sites. */
export function writeBlock(style: MarkupStyle, block: Block): string {
  switch (block.kind) {
    case 'note':
      return `<p>${escapeHtml(block.text)}</p>`
    case 'items':
      return `<table class="items"><tbody>${block.items.map((item) => writeItem(style, item)).join('\n')}</tbody></table>`
    case 'records': {
      const rows = block.rows.map((row) => writeRecord(style, block, row)).join('\n')
      const header = writeHeader(style, block)
      return `<h2>${escapeHtml(block.heading)}</h2>\n<table><thead>${header}</thead><tbody>${rows}</tbody></table>`
    }
  }
}
