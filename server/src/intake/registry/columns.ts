import type { ColumnSpec } from '../mapping.ts'

export type RegistryField =
  | 'municipality'
  | 'city_district'
  | 'level'
  | 'full_name'
  | 'short_name'
  | 'org_kind'
  | 'founder_kind'
  | 'inn'
  | 'kpp'
  | 'ogrn'
  | 'oktmo'
  | 'settlement_kind'
  | 'settlement_name'
  | 'address'
  | 'latitude'
  | 'longitude'
  | 'site'
  | 'head_inn'
  | 'head_kpp'
  | 'valid_from'
  | 'cadastral_number'
  | 'building_type'

/** Columns of the registry of organisations and of lists of buildings, with the headers seen in practice. */
export const REGISTRY_COLUMNS: readonly ColumnSpec<RegistryField>[] = [
  {
    field: 'municipality',
    title: 'Муниципалитет',
    names: ['муниципальное образование', 'муниципальный район', 'район', 'мо', 'муниципальный район/городской округ'],
  },
  { field: 'city_district', title: 'Район города', names: ['городской район', 'административный район'] },
  { field: 'level', title: 'Вид', names: ['вид записи', 'уровень', 'тип записи'] },
  {
    field: 'full_name',
    title: 'Наименование',
    names: ['полное наименование', 'наименование организации', 'наименование оо', 'название', 'name', 'name_2gis'],
  },
  { field: 'short_name', title: 'Краткое наименование', names: ['сокращённое наименование', 'short_name'] },
  { field: 'org_kind', title: 'Тип организации', names: ['вид организации', 'тип'] },
  { field: 'founder_kind', title: 'Учредитель', names: ['форма собственности'] },
  { field: 'inn', title: 'ИНН', names: ['инн организации', 'inn'] },
  { field: 'kpp', title: 'КПП', names: ['кпп организации', 'kpp'] },
  { field: 'ogrn', title: 'ОГРН', names: ['огрн организации', 'ogrn'] },
  { field: 'oktmo', title: 'ОКТМО', names: ['код октмо', 'oktmo'] },
  { field: 'settlement_kind', title: 'Тип населённого пункта', names: ['вид населённого пункта'] },
  { field: 'settlement_name', title: 'Населённый пункт', names: ['нас. пункт', 'наименование населённого пункта'] },
  { field: 'address', title: 'Адрес', names: ['юридический адрес', 'место нахождения', 'местонахождение', 'address'] },
  { field: 'latitude', title: 'Широта', names: ['latitude', 'lat'] },
  { field: 'longitude', title: 'Долгота', names: ['longitude', 'lon', 'lng'] },
  { field: 'site', title: 'Сайт', names: ['адрес сайта', 'официальный сайт', 'сайт организации', 'website', 'url'] },
  { field: 'head_inn', title: 'ИНН головной организации', names: ['инн головной'] },
  { field: 'head_kpp', title: 'КПП головной организации', names: ['кпп головной'] },
  { field: 'valid_from', title: 'Действует с', names: ['дата начала действия', 'valid_from'] },
  { field: 'cadastral_number', title: 'Кадастровый номер', names: ['кадастровые номера', 'cadastral_number'] },
  { field: 'building_type', title: 'Вид здания', names: ['тип здания', 'building_type'] },
]

/** Names of the fields on the screen and in messages. */
export const FIELD_TITLES: ReadonlyMap<string, string> = new Map(
  REGISTRY_COLUMNS.map(({ field, title }) => [field, title]),
)

export const LEVEL_WORDS = {
  organisation: ['юридическое лицо', 'организация', 'юрлицо', 'головная организация'],
  branch: ['филиал', 'обособленное подразделение', 'структурное подразделение'],
  building: ['здание', 'корпус'],
} as const

export const ORG_KIND_WORDS = {
  school: ['общеобразовательная', 'школа', 'общеобразовательная организация', 'оо'],
  college: ['профессиональная', 'колледж', 'профессиональная образовательная организация', 'спо', 'техникум'],
  additional: ['дополнительное образование', 'дополнительная', 'организация дополнительного образования', 'до'],
  preschool: ['дошкольная', 'детский сад', 'дошкольная образовательная организация', 'доо', 'доу'],
  centre: ['центр'],
} as const

export const FOUNDER_WORDS = {
  municipal: ['муниципалитет', 'муниципальный', 'муниципальная', 'муниципальное образование'],
  regional: ['область', 'областной', 'региональный', 'региональная', 'субъект рф', 'государственная'],
  federal: ['федерация', 'федеральный', 'федеральная'],
  private: ['частный', 'частная', 'негосударственный'],
} as const

export const SETTLEMENT_WORDS = {
  city: ['город', 'г'],
  urban_settlement: ['пгт', 'поселок городского типа', 'рабочий поселок', 'рп'],
  village: ['село', 'деревня', 'поселок', 'с', 'д', 'п', 'хутор', 'станция', 'разъезд'],
} as const
