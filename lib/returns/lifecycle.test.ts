import { expect, it } from 'vitest'
import { isEventType } from '../../ingest/contract/types'
import { PERMISSIONS } from '../auth/permissions'
import { DISPOSITIONS, FINAL_STATUSES, STATUS_OF_DISPOSITION, STATUSES } from './codes'
import { openTargets, TRANSITIONS, transitionsOf, type UnitState, whyClosed } from './lifecycle'

const unit = (over: Partial<UnitState> = {}): UnitState => ({
  status: 'received',
  quantity: 1,
  rmaId: 'RMA-1',
  disposition: '',
  splitAt: null,
  authorizedAt: 1,
  rejectedAt: null,
  cancelledAt: null,
  receivedAt: 1,
  inspectedAt: null,
  dispositionedAt: null,
  ...over,
})

it('reaches every status', () => {
  const reached = new Set<string>(['nothing'])
  for (let more = true; more; ) {
    more = false
    for (const { from, to } of TRANSITIONS)
      if (to && !reached.has(to) && from.some((status) => reached.has(status))) {
        reached.add(to)
        more = true
      }
  }
  expect(STATUSES.filter((status) => !reached.has(status))).toEqual([])
})

it('leads nowhere from a final status', () => {
  const finals = new Set<string>(FINAL_STATUSES)
  expect(TRANSITIONS.filter(({ from }) => from.some((status) => finals.has(status)))).toEqual([])
})

it('names only permissions and events that there are', () => {
  for (const { permission, events } of TRANSITIONS) {
    if (permission !== null) expect(Object.keys(PERMISSIONS)).toContain(permission)
    for (const event of events) expect(isEventType(`${event}.v1`)).toBe(true)
  }
})

it('puts a unit where its disposition says, for every disposition', () => {
  for (const command of ['unit.dispose', 'unit.override'])
    for (const disposition of DISPOSITIONS)
      expect(transitionsOf(command).find((each) => each.for === disposition)?.to).toBe(
        STATUS_OF_DISPOSITION[disposition],
      )
})

it('makes sellable nothing that was not inspected', () => {
  for (const each of TRANSITIONS)
    if (each.to === 'sellable' || each.to === 'restocked') expect(each.needs).toContain('inspected')
})

it('says why a command is closed', () => {
  expect(whyClosed('unit.inspect', unit())).toBeUndefined()
  expect(whyClosed('unit.inspect', unit({ status: 'expected', receivedAt: null }))).toMatch(/^It is expected/)
  expect(whyClosed('unit.inspect', unit({ inspectedAt: 1 }))).toMatch(/regrade/)
  expect(whyClosed('unit.inspect', unit({ splitAt: 1 }))).toMatch(/split/)
  expect(whyClosed('unit.receive', unit({ status: 'restocked' }))).toMatch(/final/)
  expect(
    whyClosed(
      'unit.move',
      unit({ status: 'sellable', inspectedAt: 1, dispositionedAt: 1, disposition: 'restock' }),
      'restocked',
    ),
  ).toBeUndefined()
  expect(
    whyClosed(
      'unit.move',
      unit({ status: 'hold', inspectedAt: 1, dispositionedAt: 1, disposition: 'donate' }),
      'returned_to_customer',
    ),
  ).toMatch(/donate/)
  expect(
    openTargets('unit.move', unit({ status: 'hold', inspectedAt: 1, dispositionedAt: 1, disposition: 'donate' })),
  ).toEqual(['donated'])
})
