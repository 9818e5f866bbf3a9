import type { SpeedCause } from '../contract/index.ts'
import type { ContractVerdict } from '../domain/contract-verdict.ts'
import type { SpeedTerms, Technology } from '../domain/connection-kinds.ts'
import type { NormReason, NormVerdict } from '../domain/internet-norm.ts'
import type { SettlementKind } from '../domain/internet-rules.ts'
import type { TestValidity } from '../domain/test-validity.ts'

export const NORM_WORDS: Readonly<Record<NormVerdict, string>> = {
  meets: 'соответствует норме',
  below: 'ниже нормы',
  not_enough_data: 'данных недостаточно',
}

export const NORM_REASON_WORDS: Readonly<Record<NormReason, string>> = {
  few_tests: 'мало измерений',
  low_not_confirmed: 'низкие результаты не подтверждены повторным измерением',
  settlement_unknown: 'тип населённого пункта не указан',
  no_connection: 'подключения нет',
}

export const CONTRACT_WORDS: Readonly<Record<ContractVerdict, string>> = {
  kept: 'договор соблюдается',
  not_kept: 'договор не соблюдается',
  cannot_tell_yet: 'пока нельзя сказать',
  not_enough_data: 'данных недостаточно',
  no_contract: 'договор не внесён',
}

export const SETTLEMENT_WORDS: Readonly<Record<SettlementKind, string>> = {
  city: 'город',
  urban_settlement: 'посёлок городского типа',
  village: 'село',
}

export const TECHNOLOGY_WORDS: Readonly<Record<Technology, string>> = {
  fibre: 'оптика',
  xdsl: 'xDSL',
  radio: 'радиоканал',
  cellular: '3G/4G',
  satellite: 'спутник',
  none: 'подключения нет',
}

export const TERMS_WORDS: Readonly<Record<SpeedTerms, string>> = { guaranteed: 'гарантированная', up_to: 'до' }

export const VALIDITY_WORDS: Readonly<Record<TestValidity, string>> = {
  valid: 'пригодно',
  failed: 'не смогли измерить',
  unconfirmed: 'не подтверждено сервером измерений',
  sides_differ: 'стороны измерили разное',
  excused: 'исключено состоянием здания',
  off_hours: 'вне учебных часов',
  own_traffic: 'мешал трафик самого компьютера',
  weak_wifi: 'слабый сигнал Wi-Fi',
  lower_bound: 'нижняя оценка',
}

export const CAUSE_WORDS: Readonly<Record<SpeedCause, string>> = {
  no_network: 'нет сети',
  dns_failed: 'имена не находятся',
  proxy_refused: 'прокси отказал',
  tls_intercepted: 'защищённое соединение вскрывает фильтр',
  websocket_blocked: 'фильтр не пропускает WebSocket',
  connection_refused: 'сервер измерений отказал в соединении',
  connection_timed_out: 'сервер измерений не ответил',
  connection_lost: 'соединение оборвалось',
  server_busy: 'сервер измерений занят',
  server_failed: 'сбой сервера измерений',
  ticket_refused: 'разрешение не принято',
  interrupted: 'компьютер прервал измерение',
  other: 'причина не установлена',
}

/** How the computer is connected; not found out reads «не определено». */
export const MEDIUM_WORDS: Readonly<Record<string, string>> = {
  wired: 'кабель',
  wifi: 'Wi-Fi',
  cellular: 'сотовая сеть',
  unknown: 'не определено',
}
