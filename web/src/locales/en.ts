import collectors from './en/collectors.ts'
import frame from './en/frame.ts'
import human_check from './en/human-check.ts'
import lineage from './en/lineage.ts'
import objections from './en/objections.ts'
import parts from './en/parts.ts'
import school from './en/school.ts'
import schools from './en/schools.ts'
import sites from './en/sites.ts'
import tasks from './en/tasks.ts'
import words from './en/words.ts'
import type { MessageTree } from './message-tree.ts'

export default {
  collectors,
  frame,
  human_check,
  lineage,
  objections,
  parts,
  school,
  schools,
  sites,
  tasks,
  words,
} satisfies MessageTree
