import { accreditation, ACCREDITATION_MOVES, NONE, type SectionContext } from './section-context.ts'
import { documents, items, records, type Block } from './section-blocks.ts'

export function writeCommon({ facts, as_of }: SectionContext): Block[] {
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

export function writeStruct({ facts }: SectionContext): Block[] {
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

export function writeDocuments(): Block[] {
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
