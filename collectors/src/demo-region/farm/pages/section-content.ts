import type { SvedenSubsection } from '@edumon/server/contract'
import type { SchoolFacts } from './school-facts.ts'
import { documents, items, records, type Block } from './section-blocks.ts'
import { NONE, type SectionContext } from './section-context.ts'
import { writeCommon, writeDocuments, writeStruct } from './section-organisation.ts'
import { writeEducation, writeEmployees, writeVacant } from './section-teaching.ts'

function writePeople(prop: string, heading: string, people: readonly SchoolFacts['head'][]): Block {
  return records(
    heading,
    prop,
    [
      ['fio', 'Фамилия, имя, отчество'],
      ['post', 'Должность'],
      ['telephone', 'Телефон'],
      ['email', 'Электронная почта'],
    ],
    people.map(({ name, post, phone, email }) => [name, post, phone, email]),
  )
}

function writeObjects({ facts }: SectionContext): Block[] {
  const { address } = facts.place
  return [
    records(
      'Учебные кабинеты',
      'purposeCab',
      [
        ['addressCab', 'Адрес'],
        ['nameCab', 'Кабинет'],
        ['osnCab', 'Оснащённость'],
        ['ovzCab', 'Приспособленность для инвалидов и лиц с ОВЗ'],
      ],
      [
        [address, 'Кабинет информатики', '15 ноутбуков, интерактивный комплекс', 'частично приспособлен'],
        [address, 'Кабинет физики', 'Лабораторное оборудование', 'не приспособлен'],
      ],
    ),
    records(
      'Объекты для практических занятий',
      'purposePrac',
      [
        ['addressPrac', 'Адрес'],
        ['namePrac', 'Объект'],
        ['osnPrac', 'Оснащённость'],
        ['ovzPrac', 'Приспособленность'],
      ],
      [[address, 'Мастерская', 'Верстаки, станки', 'не приспособлен']],
    ),
    records(
      'Библиотека',
      'purposeLibr',
      [
        ['objName', 'Наименование'],
        ['objAddress', 'Адрес'],
        ['objOvz', 'Приспособленность'],
      ],
      [['Школьная библиотека', address, 'частично приспособлена']],
    ),
    records(
      'Объекты спорта',
      'purposeSport',
      [
        ['objName', 'Наименование'],
        ['objAddress', 'Адрес'],
        ['objOvz', 'Приспособленность'],
      ],
      [['Спортивный зал', address, 'не приспособлен']],
    ),
    items(
      ['ovz', 'Специальные условия для обучения инвалидов и лиц с ОВЗ', 'Вход оборудован пандусом'],
      ['purposeFacil', 'Средства обучения и воспитания', 'Компьютеры, проекторы, учебные пособия'],
      ['purposeFacilOvz', 'Средства обучения, приспособленные для инвалидов и лиц с ОВЗ', NONE],
      [
        'comNet',
        'Доступ к информационным системам и сетям',
        'Проводной доступ в Интернет через единую сеть передачи данных',
      ],
      ['comNetOvz', 'Доступ к приспособленным информационным системам и сетям', NONE],
      ['erList', 'Электронные образовательные ресурсы', 'ФГИС «Моя школа», Российская электронная школа'],
      ['erListOvz', 'Электронные образовательные ресурсы, приспособленные для инвалидов и лиц с ОВЗ', NONE],
      ['techOvz', 'Специальные технические средства обучения для инвалидов и лиц с ОВЗ', NONE],
    ),
  ]
}

function writeBudget({ facts, as_of, stale }: SectionContext): Block[] {
  const year = String(Number(as_of.slice(0, 4)) - (stale ? 1 : 0))
  const share = (part: number) => `${Math.round(facts.budget_thousand_rub * part)} тыс. руб.`
  return [
    items(
      ['finBFVolume', 'За счёт федерального бюджета', share(0.1)],
      ['finBRVolume', 'За счёт бюджета субъекта Российской Федерации', share(0.7)],
      ['finBMVolume', 'За счёт местного бюджета', share(0.2)],
      ['finPVolume', 'По договорам об оказании платных образовательных услуг', '0'],
    ),
    records(
      'Поступление и расходование средств',
      'volume',
      [
        ['finYear', 'Год'],
        ['finPost', 'Поступило'],
        ['finRas', 'Израсходовано'],
      ],
      [[year, share(1), share(0.93)]],
    ),
    items([
      'finPlanDocLink',
      `План финансово-хозяйственной деятельности на ${year} год`,
      `План на ${year} год`,
      `/files/pfhd-${year}.pdf`,
    ]),
  ]
}

const CONTENT: Partial<Record<SvedenSubsection, (context: SectionContext) => Block[]>> = {
  common: writeCommon,
  struct: writeStruct,
  document: writeDocuments,
  education: writeEducation,
  eduStandarts: () => [
    documents([
      'eduFedDoc',
      'Федеральные государственные образовательные стандарты начального, основного и среднего общего образования',
    ]),
    items(
      ['eduStandartDoc', 'Самостоятельно устанавливаемые образовательные стандарты', NONE],
      ['eduFedTreb', 'Федеральные государственные требования', NONE],
    ),
  ],
  managers: ({ facts }) => [
    writePeople('rucovodstvo', 'Руководитель', [facts.head]),
    writePeople('rucovodstvoZam', 'Заместители руководителя', [facts.deputy]),
    items(['rucovodstvoFil', 'Руководители филиалов', NONE]),
  ],
  employees: writeEmployees,
  objects: writeObjects,
  grants: () => [
    items(
      ['grant', 'Стипендии', 'Не предусмотрены'],
      ['support', 'Меры социальной поддержки', 'Бесплатное питание обучающихся начальных классов и льготных категорий'],
      ['hostelInfo', 'Общежитие', NONE],
      ['interInfo', 'Интернат', NONE],
    ),
  ],
  paid_edu: () => [
    documents(
      ['paidEdu', 'Порядок оказания платных образовательных услуг'],
      ['paidDog', 'Образец договора об оказании платных образовательных услуг'],
      ['paidSt', 'Документ об утверждении стоимости обучения'],
      ['paidParents', 'Размер платы за присмотр и уход в группах продлённого дня'],
    ),
  ],
  budget: writeBudget,
  vacant: writeVacant,
  inter: () => [
    records(
      'Договоры с иностранными и международными организациями',
      'internationalDog',
      [
        ['stateName', 'Государство'],
        ['orgName', 'Организация'],
        ['dogReg', 'Реквизиты договора'],
      ],
      [[NONE, NONE, NONE]],
    ),
  ],
  catering: ({ facts }) => [
    records(
      'Условия питания обучающихся',
      'meals',
      [
        ['objName', 'Объект'],
        ['objAddress', 'Адрес'],
        ['objOvz', 'Приспособленность'],
      ],
      [['Школьная столовая', facts.place.address, 'частично приспособлена']],
    ),
    items(['health', 'Условия охраны здоровья обучающихся', 'Медицинский кабинет, договор с районной больницей']),
    items(
      [null, 'Ежедневное меню горячего питания', 'Меню', '/food/menu.pdf'],
      [null, 'Меню диетического (лечебного) питания', 'Меню', '/food/diet.pdf'],
      [null, 'Перечень юридических лиц, оказывающих услуги по организации питания', 'Перечень', '/files/caterers.pdf'],
      [null, 'Перечень поставщиков пищевых продуктов', 'Перечень', '/files/suppliers.pdf'],
      [null, 'Форма обратной связи для родителей по вопросам питания', 'Форма', '/files/feedback.pdf'],
    ),
  ],
}

/** Blocks of a subsection's page; none for a subsection that is no longer in force. */
export function writeSectionBlocks(subsection: SvedenSubsection, context: SectionContext): Block[] {
  return CONTENT[subsection]?.(context) ?? []
}
