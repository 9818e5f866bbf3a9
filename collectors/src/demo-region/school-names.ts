import type { FounderKind, OrgKind } from '@edumon/server/contract'
import type { Municipality } from './municipalities.ts'
import type { Random } from './random.ts'
import { nameCentreInSchoolName, nameMunicipalityInGenitive } from './settlement-names.ts'

export interface SchoolNames {
  full_name: string
  short_name: string
  /** Latin stem of the site's host name, not yet unique. */
  host_stem: string
}

interface Naming {
  municipality: Municipality
  /** «с. Заречное»; null when the organisation stands in the municipality's centre. */
  village: string | null
  /** Number within its kind and municipality, from 1. */
  number: number
  random: Random
}

const FORMS = {
  МОУ: 'Муниципальное общеобразовательное учреждение',
  МБОУ: 'Муниципальное бюджетное общеобразовательное учреждение',
  МАОУ: 'Муниципальное автономное общеобразовательное учреждение',
} as const

function tailOf(municipality: Municipality): string {
  return nameMunicipalityInGenitive(municipality)
}

function nameSchool({ municipality, village, number, random }: Naming): SchoolNames {
  const form = random.pick(['МОУ', 'МБОУ', 'МБОУ', 'МАОУ'])
  if (village !== null) {
    const [short, long] = random.chance(0.75)
      ? ['СОШ', 'средняя общеобразовательная школа']
      : ['ООШ', 'основная общеобразовательная школа']
    return {
      full_name: `${FORMS[form]} «${long.replace(/^./, (letter) => letter.toUpperCase())} ${village}» ${tailOf(municipality)}`,
      short_name: `${form} "${short} ${village}"`,
      host_stem: `${short === 'СОШ' ? 'sosh' : 'oosh'}-${village.replace(/^\S+ /, '')}`,
    }
  }
  const centre = nameCentreInSchoolName(municipality)
  const isCity = municipality.centre.settlement_kind === 'city'
  const kind = isCity && number % 9 === 2 ? 'Гимназия' : isCity && number % 7 === 4 ? 'Лицей' : 'СОШ'
  if (kind === 'СОШ') {
    return {
      full_name: `${FORMS[form]} «Средняя общеобразовательная школа № ${number} ${centre}» ${tailOf(municipality)}`,
      short_name: `${form} "СОШ № ${number} ${centre}"`,
      host_stem: `sosh${number}-${municipality.centre.name}`,
    }
  }
  return {
    full_name: `${FORMS[form]} «${kind} № ${number}» ${tailOf(municipality)}`,
    short_name: `${form} ${kind} № ${number}`,
    host_stem: `${kind === 'Лицей' ? 'licey' : 'gimnazia'}${number}-${municipality.centre.name}`,
  }
}

const COLLEGES = [
  'политехнический колледж',
  'медицинский колледж',
  'аграрный техникум',
  'педагогический колледж',
  'колледж технологий и сервиса',
  'техникум транспорта и связи',
  'строительный колледж',
  'индустриальный техникум',
] as const

function nameCollege({ municipality, number }: Naming): SchoolNames {
  const kind = COLLEGES[(number + municipality.code.length) % COLLEGES.length] ?? COLLEGES[0]
  const place = municipality.kind === 'city_okrug' ? 'Саратовский' : municipality.short_name.replace(/ район$/, '')
  const title = number > COLLEGES.length ? `${place} ${kind} № ${number}` : `${place} ${kind}`
  return {
    full_name: `Государственное автономное профессиональное образовательное учреждение Саратовской области «${title}»`,
    short_name: `ГАПОУ СО "${title}"`,
    host_stem: `college${number}-${municipality.centre.name}`,
  }
}

const CLUBS = ['Созвездие', 'Радуга', 'Юность', 'Патриот', 'Спектр', 'Поиск', 'Парус'] as const

function nameAdditional({ municipality, number }: Naming): SchoolNames {
  const club = CLUBS[(number + municipality.code.length) % CLUBS.length] ?? CLUBS[0]
  const isSport = number % 3 === 0
  const title = isSport ? `Спортивная школа № ${number}` : `Центр дополнительного образования „${club}“`
  return {
    full_name: `Муниципальное бюджетное учреждение дополнительного образования «${title}» ${tailOf(municipality)}`,
    short_name: `МБУ ДО "${title.replace('Центр дополнительного образования', 'ЦДО')}" ${nameCentreInSchoolName(municipality)}`,
    host_stem: `${isSport ? 'dush' : 'cdo'}${number}-${municipality.centre.name}`,
  }
}

const GARDENS = ['Колокольчик', 'Солнышко', 'Ромашка', 'Теремок', 'Сказка', 'Ласточка', 'Берёзка'] as const

function namePreschool({ municipality, number, random }: Naming): SchoolNames {
  const title = `Детский сад № ${number} „${random.pick(GARDENS)}“ ${nameCentreInSchoolName(municipality)}`
  return {
    full_name: `Муниципальное дошкольное образовательное учреждение «${title}» ${tailOf(municipality)}`,
    short_name: `МДОУ "${title}"`,
    host_stem: `ds${number}-${municipality.centre.name}`,
  }
}

function nameCentre({ municipality, number }: Naming): SchoolNames {
  const title = `Центр психолого-педагогической и социальной помощи № ${number} ${nameCentreInSchoolName(municipality)}`
  return {
    full_name: `Государственное бюджетное учреждение Саратовской области «${title}»`,
    short_name: `ГБУ СО "ЦППМСП № ${number} ${nameCentreInSchoolName(municipality)}"`,
    host_stem: `cppmsp${number}-${municipality.centre.name}`,
  }
}

const NAMING: Record<OrgKind, (naming: Naming) => SchoolNames> = {
  school: nameSchool,
  college: nameCollege,
  additional: nameAdditional,
  preschool: namePreschool,
  centre: nameCentre,
}

export function nameOrganisation(kind: OrgKind, naming: Naming): SchoolNames {
  return NAMING[kind](naming)
}

/** A private or boarding school of the centre: founders other than the municipality, by the forms they really have. */
export function nameOtherFounder(founder: FounderKind, { municipality, number }: Naming): SchoolNames | null {
  const centre = nameCentreInSchoolName(municipality)
  const stem = `${number}-${municipality.centre.name}`
  switch (founder) {
    case 'municipal':
      return null
    case 'private':
      return {
        full_name: `Частное общеобразовательное учреждение «Школа „Перспектива-${number}“ ${centre}»`,
        short_name: `ЧОУ "Школа Перспектива-${number} ${centre}"`,
        host_stem: `perspektiva${stem}`,
      }
    case 'regional':
      return {
        full_name: `Государственное бюджетное общеобразовательное учреждение Саратовской области «Школа-интернат № ${number} ${centre}»`,
        short_name: `ГБОУ СО "Школа-интернат № ${number} ${centre}"`,
        host_stem: `internat${stem}`,
      }
    case 'federal':
      return {
        full_name: `Федеральное государственное казённое общеобразовательное учреждение «Кадетский корпус № ${number} ${centre}»`,
        short_name: `ФГКОУ "Кадетский корпус № ${number} ${centre}"`,
        host_stem: `kadet${stem}`,
      }
  }
}
