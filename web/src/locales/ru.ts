import account from './ru/account.ts'
import audit from './ru/audit.ts'
import collectors from './ru/collectors.ts'
import frame from './ru/frame.ts'
import human_check from './ru/human-check.ts'
import internet from './ru/internet.ts'
import lineage from './ru/lineage.ts'
import objections from './ru/objections.ts'
import parts from './ru/parts.ts'
import problems from './ru/problems.ts'
import school from './ru/school.ts'
import schools from './ru/schools.ts'
import second_factor from './ru/second-factor.ts'
import sign_in from './ru/sign-in.ts'
import sites from './ru/sites.ts'
import speedtest from './ru/speedtest.ts'
import tasks from './ru/tasks.ts'
import tokens from './ru/tokens.ts'
import users from './ru/users.ts'
import words from './ru/words.ts'

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
}
