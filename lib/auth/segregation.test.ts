import { expect, test } from 'vitest'
import { APPROVAL_TABLE } from '../returns/defaults/approval'
import { DUTY_CONFLICTS } from '../returns/duties'
import { exclusionOf, ROLE_DUTIES, type RoleDuty } from '../returns/role-duties'
import { isRole, ROLE_NAMES } from './permissions'
import { conflictsOf, conflictWords, dutiesOf, pairsBetween, pairsOf, ROLE_CONFLICTS } from './segregation'

test('the matrix says something of every two duties, whichever comes first, and nothing of one', () => {
  for (const a of ROLE_DUTIES)
    for (const b of ROLE_DUTIES) {
      expect(exclusionOf(a, b)).toBe(exclusionOf(b, a))
      expect(exclusionOf(a, b) === undefined, `${a} and ${b}`).toBe(a === b)
    }
})

test('what may not come together on one case may not be free of all control in one person', () => {
  const known = (duty: string): duty is RoleDuty => ROLE_DUTIES.some((each) => each === duty)
  for (const [a, b] of DUTY_CONFLICTS) if (known(a) && known(b)) expect(['never', 'case']).toContain(exclusionOf(a, b))
})

test('the bold pairs of the design: refunds, write-offs, entries, policies and people', () => {
  const never: [RoleDuty, RoleDuty][] = [
    ['request', 'approve_refund'],
    ['request', 'pay'],
    ['receive', 'approve_refund'],
    ['inspect', 'approve_refund'],
    ['dispose', 'adjust_approve'],
    ['approve_refund', 'pay'],
    ['adjust_request', 'adjust_approve'],
    ['prepare_journal', 'approve_journal'],
    ['approve_journal', 'users'],
    ['policy', 'users'],
  ]
  for (const [a, b] of never) expect(exclusionOf(a, b), `${a} and ${b}`).toBe('never')
  expect(exclusionOf('users', 'integrations')).toBe('review')
  expect(exclusionOf('receive', 'inspect')).toBe('case')
})

test('who says yes by the delivered approval policy has the duty for it', () => {
  const duty: Record<string, RoleDuty> = {
    settlement: 'approve_refund',
    fee_waiver: 'approve_refund',
    adjustment: 'adjust_approve',
    write_off: 'adjust_approve',
    override: 'adjust_approve',
    journal: 'approve_journal',
  }
  for (const { when, then } of APPROVAL_TABLE.rows) {
    const subjects = 'subject' in when && 'in' in when.subject ? (when.subject.in as string[]) : []
    const roles = String(then.steps)
      .split(/[;|]/)
      .filter((each) => isRole(each))
    for (const subject of subjects)
      for (const role of roles)
        if (duty[subject]) expect(dutiesOf(role), `${role} approves ${subject}`).toContain(duty[subject])
  }
})

test('roles exclude each other by what they bring together, and never by what one role is by itself', () => {
  expect(conflictsOf(['cs_agent', 'refund_approver_l1'])).toEqual([['cs_agent', 'refund_approver_l1']])
  expect(conflictsOf(['receiver', 'inspector', 'auditor', 'merchandiser'])).toEqual([])
  expect(pairsOf(['receiver', 'inspector']).map(({ exclusion }) => exclusion)).toEqual(['case'])
  // The first administrator's roles.
  expect(conflictsOf(['auditor', 'integration_admin', 'user_admin'])).toEqual([])
  for (const role of ROLE_NAMES) expect(pairsBetween(role, role)).toEqual([])
  // A controller approves refunds above the limits by design; a second role for it adds nothing.
  expect(conflictsOf(['controller', 'refund_approver_l2'])).toEqual([])
  for (const conflict of ROLE_CONFLICTS)
    expect(conflictWords(conflict)).toMatch(/exclude each other: nobody may both .+ and .+\./)
})
