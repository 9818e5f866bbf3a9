import type { SpeedCause } from '@edumon/server/contract'

/** Why no speed was measured, and what to do about it, for whoever looks at the agent in the school. */
export const CAUSE_TEXTS: Readonly<Record<SpeedCause, string>> = {
  no_network: 'нет подключения к сети. Проверьте кабель или Wi-Fi',
  dns_failed: 'имя сервера не определяется. Проверьте настройки DNS',
  proxy_refused: 'прокси не пропускает соединение. Разрешите в нём метод CONNECT к серверам мониторинга',
  tls_intercepted: 'защищённое соединение вскрывает фильтр. Добавьте серверы мониторинга в исключения проверки TLS',
  websocket_blocked: 'фильтр не пропускает WebSocket. Разрешите WebSocket к серверу измерений',
  connection_refused: 'сервер не принимает соединение. Проверьте, открыт ли порт',
  connection_timed_out: 'ответа нет. Возможно, порт закрыт межсетевым экраном',
  connection_lost: 'соединение оборвалось',
  server_busy: 'все места сервера измерений заняты, попытка будет повторена',
  server_failed: 'сбой сервера измерений. От школы ничего не требуется',
  ticket_refused: 'сервер измерений не принял разрешение. Проверьте часы компьютера',
  interrupted: 'компьютер засыпал или его часы переводили во время измерения',
  other: 'причина не определена, подробности в журнале',
}
