/** A small but real village school's page: the kind that must never be accused. */
export const SCHOOL_PAGE = `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>МБОУ СОШ с. Ивановка</title></head><body>
<h1>МБОУ «Средняя общеобразовательная школа с. Ивановка»</h1>
<ul><li><a href="/sveden/">Сведения об образовательной организации</a></li><li><a href="/news/">Новости</a></li>
<li><a href="/teachers/">Педагоги</a></li><li><a href="/raspisanie.html">Расписание уроков</a></li></ul>
<p>Директор школы: Петрова Мария Ивановна. Телефон 8 (84555) 1-23-45.</p></body></html>`

export function page(title: string, body: string, head = ''): string {
  return `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title>${head}</head><body>${body}</body></html>`
}
