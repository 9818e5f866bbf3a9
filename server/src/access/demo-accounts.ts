import { sql, type Kysely } from 'kysely'
import type { FounderKind } from '../contract/index.ts'
import { EVERYTHING } from '../db/access-scope.ts'
import { systemAuthor } from '../db/audit-author.ts'
import type { WriteExecutor } from '../db/executor.ts'
import { insertAuditEvent } from '../db/insert-audit-event.ts'
import type { DB } from '../db/schema.gen.ts'
import { hashPassword } from './passwords.ts'
import type { Role } from './roles.ts'
import { insertGrant, insertUser } from './users.ts'

/** Password of all accounts of the demo: its sign-in page shows it. */
const DEMO_PASSWORD = 'demo-region-saratov'
/** ОКТМО of the municipality that the demo's municipal accounts answer for: Вольский муниципальный район. */
const DEMO_OKTMO = '63611000'

/** Where an account of the demo has its grant. */
type Place = 'region' | 'municipality' | 'school'

interface DemoAccount {
  login: string
  display_name: string
  position: string
  role: Role
  place: Place
  founder_kinds: FounderKind[] | null
  password: string
}

function account(role: Role, place: Place, login: string, display_name: string, position: string): DemoAccount {
  const founder_kinds: FounderKind[] | null = place === 'municipality' ? ['municipal'] : null
  return { login, display_name, position, role, place, founder_kinds, password: DEMO_PASSWORD }
}

/** One account per role. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  account('ministry_analyst', 'region', 'ministry', 'Анна Седова', 'Министерство образования, аналитик'),
  account('institute_staff', 'region', 'institute', 'Павел Громов', 'СОИРО, методист'),
  account(
    'municipal_head',
    'municipality',
    'head',
    'Елена Вдовина',
    'Вольский район, начальник управления образования',
  ),
  account('municipal_specialist', 'municipality', 'specialist', 'Игорь Лапин', 'Вольский район, специалист'),
  account('school_operator', 'school', 'school', 'Ольга Чернова', 'Школа, директор'),
  account('auditor', 'region', 'auditor', 'Сергей Котов', 'Аудитор'),
  account('administrator', 'region', 'admin', 'Мария Орлова', 'Администратор системы'),
]

async function findPlaces(tx: WriteExecutor): Promise<Record<Place, number | null>> {
  const { rows } = await sql<{ place: Place; org_unit_id: number }>`
    SELECT 'region' AS place, org_unit_id FROM org_unit WHERE kind = 'region'
    UNION ALL
    SELECT 'municipality', v.org_unit_id FROM org_unit_version v JOIN org_unit o ON o.org_unit_id = v.org_unit_id
     WHERE o.kind = 'municipality' AND v.oktmo = ${DEMO_OKTMO}
    UNION ALL
    (SELECT 'school', s.org_unit_id
       FROM org_unit s
       JOIN target t ON t.org_unit_id = s.org_unit_id
       JOIN org_unit_version m ON m.org_unit_id = s.municipality_id AND m.oktmo = ${DEMO_OKTMO}
      WHERE s.kind = 'organisation' AND s.founder_kind = 'municipal'
      ORDER BY s.org_unit_id LIMIT 1)`.execute(tx)
  const idOf = (place: Place): number | null => rows.find((row) => row.place === place)?.org_unit_id ?? null
  return { region: idOf('region'), municipality: idOf('municipality'), school: idOf('school') }
}

/**
 * Makes the demo's accounts that are not there yet, once the simulated registry is taken in.
 * @param today first day of their grants, YYYY-MM-DD
 */
export async function ensureDemoAccounts(db: Kysely<DB>, today: string): Promise<void> {
  const password_hash = await hashPassword(DEMO_PASSWORD)
  await db.transaction().execute(async (tx) => {
    const known = await tx.selectFrom('app_user').select('login').execute()
    const places = await findPlaces(tx)
    for (const { login, display_name, position, role, place, founder_kinds } of DEMO_ACCOUNTS) {
      const org_unit_id = places[place]
      if (org_unit_id === null || known.some((user) => user.login === login)) continue
      const user_id = await insertUser(tx, { login, display_name, position, created_by: 'demo' })
      await tx.updateTable('app_user').set({ password_hash }).where('user_id', '=', user_id).execute()
      const term = { valid_from: today, valid_to: null, stand_in_for_user_id: null }
      const given = { origin: 'person', granted_by: 'demo' } as const
      const granted = { user_id, role, org_unit_id, founder_kinds, ...term, ...given }
      const grant_id = await insertGrant(tx, granted, EVERYTHING)
      await insertAuditEvent(tx, {
        by: systemAuthor('demo'),
        category: 'grant',
        action: 'user.make',
        subject: `user ${user_id}`,
        org_unit_id,
        after: { login, grant_id, role },
      })
    }
  })
}
