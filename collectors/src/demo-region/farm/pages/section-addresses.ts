import type { SvedenSubsection } from '@edumon/server/contract'
import type { Site } from '../../sites.ts'

interface SectionAddress {
  subsection: SvedenSubsection
  title: string
  /** Last part of the address on Госвеб. */
  gosweb: string
  /** Address on uCoz, below `/index/`. */
  ucoz: string
}

/** The 14 subsections that are in force since 01.09.2024, with the addresses that each platform gives them. */
export const SECTION_ADDRESSES: readonly SectionAddress[] = [
  { subsection: 'common', title: 'Основные сведения', gosweb: 'osnovnye-svedeniya', ucoz: 'osnovnye_svedenija/0-10' },
  {
    subsection: 'struct',
    title: 'Структура и органы управления образовательной организацией',
    gosweb: 'struktura-i-organy-upravleniya-obrazovatelnoy-organizatsii',
    ucoz: 'struktura_i_organy_upravlenija/0-11',
  },
  { subsection: 'document', title: 'Документы', gosweb: 'dokumenty', ucoz: 'dokumenty/0-12' },
  { subsection: 'education', title: 'Образование', gosweb: 'obrazovanie', ucoz: 'obrazovanie/0-13' },
  {
    subsection: 'eduStandarts',
    title: 'Образовательные стандарты и требования',
    gosweb: 'obrazovatelnye-standarty-i-trebovaniya',
    ucoz: 'obrazovatelnye_standarty/0-14',
  },
  { subsection: 'managers', title: 'Руководство', gosweb: 'rukovodstvo', ucoz: 'rukovodstvo/0-15' },
  {
    subsection: 'employees',
    title: 'Педагогический состав',
    gosweb: 'pedagogicheskiy-sostav',
    ucoz: 'pedagogicheskij_sostav/0-16',
  },
  {
    subsection: 'objects',
    title: 'Материально-техническое обеспечение и оснащённость образовательного процесса. Доступная среда',
    gosweb: 'infrastruktura-i-osnaschenie',
    ucoz: 'materialno_tekhnicheskoe_obespechenie/0-17',
  },
  {
    subsection: 'grants',
    title: 'Стипендии и меры поддержки обучающихся',
    gosweb: 'stipendii-i-mery-podderzhki-obuchayuschihsya',
    ucoz: 'stipendii_i_mery_podderzhki/0-18',
  },
  {
    subsection: 'paid_edu',
    title: 'Платные образовательные услуги',
    gosweb: 'platnye-obrazovatelnye-uslugi',
    ucoz: 'platnye_uslugi/0-19',
  },
  {
    subsection: 'budget',
    title: 'Финансово-хозяйственная деятельность',
    gosweb: 'finansovo-hozyaystvennaya-deyatelnost',
    ucoz: 'finansovo_khozjajstvennaja_dejatelnost/0-20',
  },
  {
    subsection: 'vacant',
    title: 'Вакантные места для приёма (перевода) обучающихся',
    gosweb: 'vakantnye-mesta-dlya-priema-perevoda-obuchayuschihsya',
    ucoz: 'vakantnye_mesta/0-21',
  },
  {
    subsection: 'inter',
    title: 'Международное сотрудничество',
    gosweb: 'mezhdunarodnoe-sotrudnichestvo',
    ucoz: 'mezhdunarodnoe_sotrudnichestvo/0-22',
  },
  {
    subsection: 'catering',
    title: 'Организация питания в образовательной организации',
    gosweb: 'organizatsiya-pitaniya-v-obrazovatelnoy-organizatsii',
    ucoz: 'organizacija_pitanija/0-23',
  },
]

const ROOTS: Record<Site['platform'], string> = {
  own: '/sveden/',
  gosweb: '/svedeniya-ob-obrazovatelnoy-organizatsii/',
  ucoz: '/index/svedenija_ob_obrazovatelnoj_organizacii/0-9',
}

/** Path of the page that lists the subsections. */
export function findSectionRoot(platform: Site['platform']): string {
  return ROOTS[platform]
}

export function writeSectionPath(platform: Site['platform'], address: SectionAddress): string {
  switch (platform) {
    case 'own':
      return `/sveden/${address.subsection}`
    case 'gosweb':
      return `${ROOTS.gosweb}${address.gosweb}/`
    case 'ucoz':
      return `/index/${address.ucoz}`
  }
}

function withoutTail(path: string): string {
  return path.replace(/(\/index\.html)?\/?$/, '')
}

/** The subsection that stands at this path, however its end is written; undefined: none does. */
export function findSectionByPath(platform: Site['platform'], path: string): SectionAddress | undefined {
  return SECTION_ADDRESSES.find((address) => withoutTail(writeSectionPath(platform, address)) === withoutTail(path))
}
