import account from './en/account.ts'
import audit from './en/audit.ts'
import collectors from './en/collectors.ts'
import frame from './en/frame.ts'
import human_check from './en/human-check.ts'
import internet from './en/internet.ts'
import lineage from './en/lineage.ts'
import objections from './en/objections.ts'
import parts from './en/parts.ts'
import problems from './en/problems.ts'
import school from './en/school.ts'
import schools from './en/schools.ts'
import second_factor from './en/second-factor.ts'
import sign_in from './en/sign-in.ts'
import sites from './en/sites.ts'
import speedtest from './en/speedtest.ts'
import tasks from './en/tasks.ts'
import tokens from './en/tokens.ts'
import users from './en/users.ts'
import words from './en/words.ts'
import type { MessageTree } from './message-tree.ts'

export default {
  account,
  audit,
  collectors,
  frame,
  human_check,
  internet,
  lineage,
  objections,
  parts,
  problems,
  school,
  schools,
  second_factor,
  sign_in,
  sites,
  speedtest,
  tasks,
  tokens,
  users,
  words,
} satisfies MessageTree
