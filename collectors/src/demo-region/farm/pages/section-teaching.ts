import { findLastThirdOfAugust, writeRussianDay } from './russian-days.ts'
import { accreditation, ACCREDITATION_MOVES, NONE, type SectionContext } from './section-context.ts'
import { items, records, type Block } from './section-blocks.ts'

const PROGRAMMES = [
  ['Основная образовательная программа начального общего образования', 'начальное общее образование', '4 года'],
  ['Основная образовательная программа основного общего образования', 'основное общее образование', '5 лет'],
  ['Основная образовательная программа среднего общего образования', 'среднее общее образование', '2 года'],
] as const

export function writeEducation({ facts, as_of }: SectionContext): Block[] {
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

export function writeEmployees({ facts, as_of }: SectionContext): Block[] {
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

export function writeVacant({ as_of, stale }: SectionContext): Block[] {
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
