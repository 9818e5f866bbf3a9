import { createRandom } from '../../random.ts'
import { escapeHtml } from './escape.ts'
import { writeRussianDay } from './russian-days.ts'
import type { SchoolFacts } from './school-facts.ts'

const NEWS = [
  'Прошёл школьный этап Всероссийской олимпиады школьников по математике',
  'Учащиеся приняли участие в акции «Неделя чтения»',
  'Родительское собрание для будущих первоклассников пройдёт в актовом зале',
  'Наши спортсмены вернулись с областных соревнований по лёгкой атлетике',
  'Урок цифры: школьники узнали, как устроены нейросети',
  'В школьном музее открылась выставка о земляках',
  'Изменения в расписании звонков на следующую неделю',
  'Педагоги прошли повышение квалификации в СОИРО',
] as const

function goBack(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10)
}

/** Main part of a school's home page: greeting, dated news of the last weeks, contacts. */
export function writeHome(facts: SchoolFacts, seed: number, as_of: string): string {
  const random = createRandom(seed, `${facts.place.key}-news`)
  const news = random
    .shuffle(NEWS)
    .slice(0, 5)
    .map(
      (text, index) =>
        `<article><h3>${text}</h3><p><time>${writeRussianDay(goBack(as_of, index * 6 + 2))}</time></p>
<p>${text}. Подробности — у классных руководителей и на информационном стенде ${escapeHtml(facts.place.settlement)}.</p></article>`,
    )
  return `<h1>${escapeHtml(facts.place.full_name)}</h1>
<p>Добро пожаловать на официальный сайт! Директор: ${facts.head.name}. У нас учатся ${facts.pupils} человек.</p>
<section><h2>Новости</h2>
${news.join('\n')}
</section>
<section><h2>Контакты</h2><p>${escapeHtml(facts.place.address)}</p><p>${facts.phone}, ${facts.email}</p></section>`
}
