// biome-ignore-all lint/suspicious/noThenProperty: a row of a decision table is when and then; nobody awaits one
import type { DecisionTable } from '../policy'

/**
 * Who must say yes to money and to changes of the rules, as it is delivered: version 1 of the policy `approval` (reliability.md §7.3). `amount` is
 * weighed: in the reporting currency, with what was asked for lately by the same people for the same customer. `steps` is one role or several
 * for each step, steps divided by `;`, roles of which one suffices by `|`; empty means that nobody must. No row: two people.
 */
export const APPROVAL_TABLE: DecisionTable = {
  inputs: ['subject', 'amount', 'before_inspection', 'against_policy', 'risk', 'entity'],
  outputs: ['steps'],
  rows: [
    {
      id: 'fee-waiver',
      note: 'A fee is waived by two people.',
      when: { subject: { in: ['fee_waiver'] } },
      then: { steps: 'refund_approver_l2;controller' },
    },
    {
      id: 'risk',
      note: 'A serial conflict or a suspicion of abuse: level 2 up to 2,000.',
      when: { subject: { in: ['settlement'] }, risk: { is: true }, amount: { to: 2000 } },
      then: { steps: 'refund_approver_l2' },
    },
    {
      id: 'risk-large',
      note: 'The same above 2,000: two people.',
      when: { subject: { in: ['settlement'] }, risk: { is: true } },
      then: { steps: 'refund_approver_l2;controller' },
    },
    {
      id: 'unseen-l1',
      note: 'Money before anybody has looked, or against the policy: level 1 up to 50.',
      when: {
        subject: { in: ['settlement'] },
        before_inspection: { is: true },
        against_policy: { is: true },
        amount: { to: 50 },
      },
      then: { steps: 'refund_approver_l1|refund_approver_l2' },
    },
    {
      id: 'unseen-l2',
      note: 'The same up to 500: level 2.',
      when: { subject: { in: ['settlement'] }, against_policy: { is: true }, amount: { to: 500 } },
      then: { steps: 'refund_approver_l2' },
    },
    {
      id: 'unseen-large',
      note: 'The same above 500: two people.',
      when: { subject: { in: ['settlement'] }, against_policy: { is: true } },
      then: { steps: 'refund_approver_l2;controller' },
    },
    {
      id: 'refund-auto',
      note: 'Refunds in policy up to 50 need nobody.',
      when: { subject: { in: ['settlement'] }, amount: { to: 50 } },
      then: { steps: '' },
    },
    {
      id: 'refund-l1',
      note: 'Up to 250: level 1.',
      when: { subject: { in: ['settlement'] }, amount: { to: 250 } },
      then: { steps: 'refund_approver_l1|refund_approver_l2' },
    },
    {
      id: 'refund-l2',
      note: 'Up to 2,000: level 2.',
      when: { subject: { in: ['settlement'] }, amount: { to: 2000 } },
      then: { steps: 'refund_approver_l2' },
    },
    {
      id: 'refund-large',
      note: 'Above 2,000: level 2 and the controller.',
      when: { subject: { in: ['settlement'] } },
      then: { steps: 'refund_approver_l2;controller' },
    },
    {
      id: 'adjustment-l1',
      note: 'Stock adjustments up to 100 of value: the warehouse manager.',
      when: { subject: { in: ['adjustment'] }, amount: { to: 100 } },
      then: { steps: 'warehouse_manager' },
    },
    {
      id: 'adjustment-l2',
      note: 'Up to 1,000: the controller.',
      when: { subject: { in: ['adjustment'] }, amount: { to: 1000 } },
      then: { steps: 'controller' },
    },
    {
      id: 'adjustment-large',
      note: 'Above 1,000: both.',
      when: { subject: { in: ['adjustment'] } },
      then: { steps: 'warehouse_manager;controller' },
    },
    {
      id: 'goods-free',
      note: 'Goods up to 25 at cost may be written off, or decided on against the rule, by whoever may decide.',
      when: { subject: { in: ['write_off', 'override'] }, amount: { to: 25 } },
      then: { steps: '' },
    },
    {
      id: 'goods-manager',
      note: 'Up to 250 at cost: the warehouse manager.',
      when: { subject: { in: ['write_off', 'override'] }, amount: { to: 250 } },
      then: { steps: 'warehouse_manager' },
    },
    {
      id: 'goods-large',
      note: 'Above 250 at cost: the warehouse manager and the controller.',
      when: { subject: { in: ['write_off', 'override'] } },
      then: { steps: 'warehouse_manager;controller' },
    },
    {
      id: 'journal',
      note: 'A manual entry up to 10,000: a controller who did not prepare it.',
      when: { subject: { in: ['journal'] }, amount: { to: 10000 } },
      then: { steps: 'controller' },
    },
    {
      id: 'policy',
      note: 'A policy is changed by two people beside its author.',
      when: { subject: { in: ['policy'] } },
      then: { steps: 'controller|compliance_officer;controller|compliance_officer|refund_approver_l2' },
    },
    {
      id: 'reopen',
      note: 'A closed period is opened again by two people.',
      when: { subject: { in: ['reopen'] } },
      then: { steps: 'controller;refund_approver_l2' },
    },
  ],
}
