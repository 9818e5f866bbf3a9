/** What keeps the agent from its work, for the local page: closed list with words for the person who looks at it. */
export const FAULTS = {
  server_unreachable: 'Сервер мониторинга недоступен. Результаты сохраняются и будут отправлены позже.',
  token_refused: 'Сервер не принимает ключ школы. Отправка остановлена, данные сохранены. Получите новый ключ.',
  building_unknown: 'Здание не выбрано или не относится к этой школе. Проверьте номер здания в настройках.',
  disk_full: 'На диске нет места. Новые измерения не начинаются, пока место не освободится.',
  clock_wrong: 'Часы компьютера идут неверно. Время измерений берётся с сервера; настройте часы.',
} as const
export type Fault = keyof typeof FAULTS
