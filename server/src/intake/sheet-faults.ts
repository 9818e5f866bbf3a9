import type { SheetFault } from '../contract/index.ts'

/** What a person is told when a file cannot be read as a sheet, and what to do about it. */
export const SHEET_FAULT_TEXTS: Readonly<Record<SheetFault, string>> = {
  empty_file: 'Файл пуст',
  not_a_sheet: 'Это не таблица: принимаются CSV и XLSX',
  old_workbook: 'Старый формат XLS: сохраните книгу как XLSX',
  encrypted_workbook: 'Книга защищена паролем: снимите пароль и загрузите снова',
  broken_workbook: 'Книга повреждена и не читается',
  no_rows: 'В таблице нет ни одной заполненной строки',
  unknown_encoding: 'Кодировка не определена: сохраните CSV в UTF-8',
  broken_csv: 'CSV не разобран: проверьте кавычки и разделители',
  too_many_rows: 'Слишком много строк',
  too_many_cells: 'Слишком много ячеек',
  cell_too_long: 'Слишком длинный текст в ячейке',
  unpacks_too_large: 'Книга распаковывается в слишком большой объём',
  time_limit: 'Разбор занял слишком много времени и остановлен',
  memory_limit: 'Разбор занял слишком много памяти и остановлен',
}
