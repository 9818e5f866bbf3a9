export default {
  title: 'Задачи',
  on: 'на {day}',
  lede: {
    school_none: 'На сайте исправлять нечего.',
    school:
      'На сайте нужно исправить {count} пункт. | На сайте нужно исправить {count} пункта. | На сайте нужно исправить {count} пунктов.',
    municipality: 'Отчитались {reported} из {expected} сайтов; с отклонениями школ: {deviating}.',
    deciding: 'Нужно решить {count} обращение. | Нужно решить {count} обращения. | Нужно решить {count} обращений.',
  },
  empty: 'Задач нет',
  empty_advice: 'Здесь появятся замечания к сайту и обращения со сроками.',
  nothing_to_mend: 'Исправлять нечего',
  to_mend: 'Исправить на сайте: {count}',
  rest: 'Ещё {count} пункт | Ещё {count} пункта | Ещё {count} пунктов',
  term_note:
    'Срок – {count} рабочий день со дня, когда найдено замечание. | Срок – {count} рабочих дня со дня, когда найдено замечание. | Срок – {count} рабочих дней со дня, когда найдено замечание.',
  mend_by: 'Исправить до {day}',
  overdue_since: 'Срок прошёл {day}',
  found_on: 'найдено {day}',
  more_points:
    'и ещё {count} пункт в подразделе «{subsection}» | и ещё {count} пункта в подразделе «{subsection}» | и ещё {count} пунктов в подразделе «{subsection}»',
  site_down: 'Сайт не работает',
  certificate: {
    invalid: 'Сертификат сайта не действует: браузер предупреждает посетителей',
    none: 'Сайт открывается без шифрования (HTTPS)',
  },
  certificate_remedy: 'Попросите того, кто обслуживает сайт, установить действующий сертификат.',
  to_decide: 'Решить: {count}',
  open_objections: 'Обращения на рассмотрении: {count}',
  decided: 'Решено за 30 дней: {count}',
  deviating: 'Школы с отклонениями: {count}',
  no_deviations: 'Отклонений нет.',
  deviation: {
    working_sites: 'сайт не работает',
    valid_certificates: 'сертификат не действует',
    full_section: 'не все подразделы',
  },
  reported: 'Отчитались {reported} из {expected}',
  all_reported: 'Отчитались все.',
}
