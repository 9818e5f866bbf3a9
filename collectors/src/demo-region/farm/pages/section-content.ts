import type { SvedenSubsection } from '@edumon/server/contract'
import { findLastThirdOfAugust, writeRussianDay } from './russian-days.ts'
import type { SchoolFacts } from './school-facts.ts'
import { documents, items, records, type Block } from './section-blocks.ts'

export interface SectionContext {
  facts: SchoolFacts
  /** Day for which the pages are written, YYYY-MM-DD. */
  as_of: string
  stale: boolean
}

/** Order № 1353 moves accreditation to «Образование» on this day. */
const ACCREDITATION_MOVES = '2026-03-01'
const NONE = 'отсутствует'
const PROGRAMMES = [
  ['Основная образовательная программа начального общего образования', 'начальное общее образование', '4 года'],
  ['Основная образовательная программа основного общего образования', 'основное общее образование', '5 лет'],
  ['Основная образовательная программа среднего общего образования', 'среднее общее образование', '2 года'],
] as const

const accreditation = documents(['accreditationDocLink', 'Выписка о государственной аккредитации'])

function writeCommon({ facts, as_of }: SectionContext): Block[] {
  const { place } = facts
  return [
    items(
      ['fullName', 'Полное наименование', place.full_name],
      ['shortName', 'Сокращённое наименование', place.short_name],
      ['regDate', 'Дата создания', facts.registered_on],
    ),
    records(
      'Учредитель',
      'uchredLaw',
      [
        ['nameUchred', 'Наименование'],
        ['addressUchred', 'Адрес'],
        ['telUchred', 'Телефон'],
        ['mailUchred', 'Электронная почта'],
        ['websiteUchred', 'Сайт'],
      ],
      [
        [
          facts.founder,
          `Саратовская область, ${place.municipality.centre.prefix} ${place.municipality.centre.name}, ул. Ленина, д. 1`,
          '+7 (8452) 00-00-00',
          'uchred@example.test',
          'https://uchred.example.test',
        ],
      ],
    ),
    items(
      ['address', 'Место нахождения', place.address],
      ['workTime', 'Режим и график работы', 'Понедельник – пятница, 8:00–17:00; суббота, воскресенье — выходные дни'],
      ['telephone', 'Контактный телефон', facts.phone],
      ['email', 'Адрес электронной почты', facts.email],
      ['licenseDocLink', 'Лицензия', facts.licence, '/files/license.pdf'],
      ['addressPlaceSet', 'Место осуществления образовательной деятельности при сетевой форме', NONE],
      [null, 'Место осуществления образовательной деятельности', place.address],
      ['addressPlacePrac', 'Место проведения практики', NONE],
      ['addressPlacePodg', 'Место практической подготовки обучающихся', NONE],
      ['addressPlaceGia', 'Место проведения государственной итоговой аттестации', place.address],
    ),
    ...(as_of < ACCREDITATION_MOVES ? [accreditation] : []),
  ]
}

function writeStruct({ facts }: SectionContext): Block[] {
  const { place, head, deputy } = facts
  return [
    records(
      'Структура и органы управления',
      'structOrgUprav',
      [
        ['name', 'Наименование'],
        ['fio', 'Руководитель'],
        ['post', 'Должность'],
        ['addressStr', 'Место нахождения'],
        ['email', 'Электронная почта'],
        ['divisionClauseDocLink', 'Положение'],
      ],
      [
        [
          'Педагогический совет',
          head.name,
          'Председатель',
          place.address,
          facts.email,
          'Положение о педагогическом совете',
        ],
        ['Школьный спортивный клуб', deputy.name, 'Руководитель', place.address, facts.email, 'Положение о клубе'],
      ],
    ),
    items(['filInfo', 'Филиалы', NONE], ['repInfo', 'Представительства', NONE]),
  ]
}

function writeDocuments(): Block[] {
  return [
    documents(
      ['ustavDocLink', 'Устав образовательной организации'],
      ['localActStud', 'Правила внутреннего распорядка обучающихся'],
      ['localActOrder', 'Правила внутреннего трудового распорядка'],
      ['localActCollec', 'Коллективный договор'],
      ['reportEduDocLink', 'Отчёт о результатах самообследования'],
      ['priemDocLink', 'Правила приёма обучающихся'],
      ['modeDocLink', 'Режим занятий обучающихся'],
      ['tekKontrolDocLink', 'Формы, периодичность и порядок текущего контроля успеваемости'],
      ['perevodDocLink', 'Порядок и основания перевода, отчисления и восстановления'],
      ['vozDocLink', 'Порядок оформления возникновения, приостановления и прекращения отношений'],
    ),
    items(['prescriptionDocLink', 'Предписания органов контроля (надзора)', NONE]),
  ]
}

function writeEducation({ facts, as_of }: SectionContext): Block[] {
  const programmes = PROGRAMMES.map(([name, level, term]) => ({ name, level, term }))
  return [
    ...(as_of < ACCREDITATION_MOVES ? [] : [accreditation]),
    records(
      'Реализуемые образовательные программы',
      'eduAccred',
      [
        ['eduName', 'Наименование'],
        ['eduProf', 'Профиль'],
        ['eduLevel', 'Уровень образования'],
        ['eduForm', 'Форма обучения'],
        ['learningTerm', 'Нормативный срок обучения'],
        ['eduPred', 'Учебные предметы'],
        ['eduPrac', 'Практика'],
      ],
      programmes.map(({ name, level, term }) => [
        name,
        'универсальный',
        level,
        'очная',
        term,
        'По учебному плану',
        'не предусмотрена',
      ]),
    ),
    records(
      'Описание образовательных программ',
      'eduOp',
      [
        ['eduName', 'Наименование'],
        ['eduLevel', 'Уровень'],
        ['eduForm', 'Форма обучения'],
        ['opMain', 'Описание образовательной программы'],
        ['educationPlan', 'Учебный план'],
        ['educationRpd', 'Рабочие программы'],
        ['educationShedule', 'Календарный учебный график'],
        ['methodology', 'Методические документы'],
      ],
      programmes.map(({ name, level }) => [
        name,
        level,
        'очная',
        'Программа',
        'Учебный план',
        'Рабочие программы',
        'График',
        'Методические материалы',
      ]),
    ),
    items(
      ['languageEl', 'Язык образования', 'русский'],
      ['eduChislenEl', 'Численность обучающихся', `${facts.pupils} человек, из них иностранных граждан — 0`],
      [
        'eduPerevodEl',
        'Результаты перевода, восстановления и отчисления',
        'Переведено — 0, восстановлено — 0, отчислено — 2',
      ],
    ),
  ]
}

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

function writeEmployees({ facts, as_of }: SectionContext): Block[] {
  return [
    records(
      'Педагогические работники',
      'teachingStaff',
      [
        ['fio', 'ФИО'],
        ['post', 'Должность'],
        ['teachingDiscipline', 'Преподаваемые предметы'],
        ['teachingLevel', 'Уровень образования, квалификация'],
        ['degree', 'Учёная степень'],
        ['academStat', 'Учёное звание'],
        ['qualification', 'Повышение квалификации'],
        ['profDevelopment', 'Профессиональная переподготовка'],
        ['specExperience', 'Стаж по специальности'],
        ['teachingOp', 'Образовательная программа'],
      ],
      facts.teachers.map(({ name, post, subject }, index) => [
        name,
        post,
        subject,
        'высшее, учитель',
        NONE,
        NONE,
        `СОИРО, 36 часов, ${as_of.slice(0, 4)}`,
        NONE,
        `${3 + index * 4} лет`,
        PROGRAMMES[index % PROGRAMMES.length]?.[0] ?? '',
      ]),
    ),
  ]
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

function writeVacant({ as_of, stale }: SectionContext): Block[] {
  const day = stale ? findLastThirdOfAugust(as_of) : as_of
  return [
    { kind: 'note', text: `Информация по состоянию на ${writeRussianDay(day)}` },
    records(
      'Количество вакантных мест',
      'vacant',
      [
        ['eduName', 'Программа'],
        ['eduLevel', 'Уровень образования'],
        ['eduCourse', 'Класс'],
        ['eduForm', 'Форма обучения'],
        ['numberBFVacant', 'Федеральный бюджет'],
        ['numberBRVacant', 'Бюджет субъекта'],
        ['numberBMVacant', 'Местный бюджет'],
        ['numberPVacant', 'Платно'],
      ],
      [1, 4, 5, 8, 10].map((year) => {
        const [name, level] = PROGRAMMES[year < 5 ? 0 : year < 10 ? 1 : 2]
        return [name, level, `${year} класс`, 'очная', '0', '0', String((year * 3) % 7), '0']
      }),
    ),
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
