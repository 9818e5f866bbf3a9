import type { ColumnSpec } from '../mapping.ts'

export type PlaceField = 'municipality' | 'full_name' | 'inn' | 'kpp' | 'address' | 'cadastral_number'

/** Columns that say which organisation or building a row is about; every sheet of facts may have them. */
export const PLACE_COLUMNS: readonly ColumnSpec<PlaceField>[] = [
  {
    field: 'municipality',
    title: 'Муниципалитет',
    names: ['муниципальное образование', 'муниципальный район', 'район', 'мо'],
  },
  {
    field: 'full_name',
    title: 'Наименование',
    names: ['полное наименование', 'наименование организации', 'наименование оо', 'организация', 'школа'],
  },
  { field: 'inn', title: 'ИНН', names: ['инн организации', 'inn'] },
  { field: 'kpp', title: 'КПП', names: ['кпп организации', 'kpp'] },
  { field: 'address', title: 'Адрес здания', names: ['адрес', 'адрес подключения', 'место подключения', 'address'] },
  { field: 'cadastral_number', title: 'Кадастровый номер', names: ['кадастровые номера', 'cadastral_number'] },
]
