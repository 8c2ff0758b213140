import { expect, it } from 'vitest'
import { approvalNeed } from './approvals'
import { APPROVAL_TABLE } from './defaults/approval'
import { faultsOf } from './policy'

const need = (amount: number | undefined, more: object = {}) =>
  approvalNeed(APPROVAL_TABLE, { subject: 'settlement', amount, entity: 'eu', ...more })

it('bounds are inclusive, at every threshold', () => {
  const rows = [49.99, 50, 50.01, 249.99, 250, 250.01, 1999.99, 2000, 2000.01].map((amount) => need(amount).row)
  expect(rows).toEqual([
    'refund-auto',
    'refund-auto',
    'refund-l1',
    'refund-l1',
    'refund-l1',
    'refund-l2',
    'refund-l2',
    'refund-l2',
    'refund-large',
  ])
  expect(need(50).steps).toEqual([])
  expect(need(2000.01).steps).toEqual([['refund_approver_l2'], ['controller']])
})

it('money before an inspection and against the policy, and risk, need more', () => {
  expect(need(20, { againstPolicy: true, beforeInspection: true }).row).toBe('unseen-l1')
  expect(need(50.01, { againstPolicy: true, beforeInspection: true }).row).toBe('unseen-l2')
  expect(need(501, { againstPolicy: true }).row).toBe('unseen-large')
  expect(need(5, { risk: true }).steps).toEqual([['refund_approver_l2']])
})

it('fails closed: an unknown amount, an empty table and an unreadable row need two people', () => {
  expect(need(undefined).steps).toHaveLength(2)
  expect(
    approvalNeed({ ...APPROVAL_TABLE, rows: [] }, { subject: 'settlement', amount: 1, entity: '' }).steps,
  ).toHaveLength(2)
  expect(approvalNeed(APPROVAL_TABLE, { subject: 'something else', amount: 1, entity: '' }).steps).toHaveLength(2)
  expect(approvalNeed(APPROVAL_TABLE, { subject: 'policy', amount: undefined, entity: '' }).row).toBe('policy')
  expect(faultsOf(APPROVAL_TABLE)).toEqual([])
})
