import collectors from './ru/collectors.ts'
import frame from './ru/frame.ts'
import human_check from './ru/human-check.ts'
import lineage from './ru/lineage.ts'
import objections from './ru/objections.ts'
import parts from './ru/parts.ts'
import school from './ru/school.ts'
import schools from './ru/schools.ts'
import sites from './ru/sites.ts'
import tasks from './ru/tasks.ts'
import words from './ru/words.ts'

export default { collectors, frame, human_check, lineage, objections, parts, school, schools, sites, tasks, words }
