export default {
  how_counted: 'Как считается',
  made_of: 'Из чего сложилось',
  source: 'Источник',
  where_goes: 'Куда входит',
  version: 'версия {version}',
  of: '{numerator} из {denominator}',
  withheld: 'Мало данных: отчитались {reported} из {expected}, а нужно не меньше {floor}',
  nothing_expected: 'Считать нечего: ни одна организация не входит в знаменатель',
  role: {
    counted: 'Засчитаны',
    not_counted: 'Не засчитаны',
    not_reported: 'Нет данных',
    excluded: 'Исключены',
  },
  more: 'и ещё {count}',
  collector_line: '{collector}, узел «{vantage}», измерений: {count}',
  no_sources: 'Измерений за этот период нет',
  in_region:
    'Показатель входит в значение муниципалитета и области: суммы числителей и знаменателей, а не среднее долей.',
  fact: 'Измерение {when}',
}
