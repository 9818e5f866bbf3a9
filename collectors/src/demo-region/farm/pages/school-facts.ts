import type { FounderKind } from '@edumon/server/contract'
import { createRandom, type Random } from '../../random.ts'
import { nameMunicipalityInGenitive } from '../../settlement-names.ts'
import type { Place } from '../../schools.ts'
import type { Site } from '../../sites.ts'

export interface Person {
  name: string
  post: string
  subject: string
  phone: string
  email: string
}

/** What the pages of a school's site say of it; the same for the same seed, invented throughout. */
export interface SchoolFacts {
  place: Place
  founder: string
  phone: string
  email: string
  registered_on: string
  licence: string
  head: Person
  deputy: Person
  teachers: Person[]
  pupils: number
  budget_thousand_rub: number
}

const SURNAMES = [
  'Иванова',
  'Петрова',
  'Кузнецова',
  'Смирнова',
  'Волкова',
  'Соколова',
  'Морозова',
  'Лебедева',
  'Козлова',
  'Новикова',
  'Абдуллаева',
  'Шмидт',
] as const
const GIVEN = ['Анна', 'Ольга', 'Елена', 'Татьяна', 'Наталья', 'Ирина', 'Светлана', 'Марина', 'Людмила'] as const
const PATRONYMICS = [
  'Сергеевна',
  'Ивановна',
  'Петровна',
  'Александровна',
  'Николаевна',
  'Викторовна',
  'Владимировна',
] as const
const SUBJECTS = [
  'Русский язык и литература',
  'Математика',
  'Информатика',
  'История и обществознание',
  'Начальные классы',
  'Физика',
  'Биология и химия',
  'Физическая культура',
] as const

const FOUNDERS: Record<FounderKind, (place: Place) => string> = {
  municipal: ({ municipality }) => `Администрация ${nameMunicipalityInGenitive(municipality)}`,
  regional: () => 'Министерство образования Саратовской области',
  federal: () => 'Министерство просвещения Российской Федерации',
  private: ({ municipality }) => `Автономная некоммерческая организация «Содействие», ${municipality.centre.name}`,
}

function inventPerson(random: Random, post: string, subject: string, host: string): Person {
  return {
    name: `${random.pick(SURNAMES)} ${random.pick(GIVEN)} ${random.pick(PATRONYMICS)}`,
    post,
    subject,
    phone: `+7 (845${random.int(20, 96)}) ${random.int(2, 7)}-${random.int(10, 99)}-${random.int(10, 99)}`,
    email: `mail${random.int(1, 999)}@${host}`,
  }
}

export function inventSchoolFacts(site: Site, seed: number): SchoolFacts {
  const { place, host } = site
  const random = createRandom(seed, `${place.key}-facts`)
  const head = inventPerson(random, 'Директор', 'Общее руководство', host)
  return {
    place,
    founder: FOUNDERS[place.founder_kind](place),
    phone: head.phone,
    email: `info@${host}`,
    registered_on: `${random.int(10, 28)}.0${random.int(1, 9)}.${random.int(1936, 2012)}`,
    licence: `Л035-01279-64/00${random.int(100_000, 999_999)}`,
    head,
    deputy: inventPerson(random, 'Заместитель директора по учебно-воспитательной работе', 'Учебная работа', host),
    teachers: SUBJECTS.map((subject) => inventPerson(random, 'Учитель', subject, host)),
    pupils: random.int(60, 1100),
    budget_thousand_rub: random.int(9_000, 120_000),
  }
}
