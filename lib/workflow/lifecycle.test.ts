import { expect, it } from 'vitest'
import { TRANSITIONS } from '../returns/lifecycle'
import { SETTLEMENT_ACTIONS } from '../returns/settlement-lifecycle'
import { COMMANDS } from './registry'

it('names only commands that there are, with the permission that they ask for', () => {
  const known = new Map(COMMANDS.map(({ name, permission }) => [name, permission as string]))
  for (const { command, permission } of [...TRANSITIONS, ...SETTLEMENT_ACTIONS])
    if (command !== null) expect([command, known.get(command)]).toEqual([command, permission])
})

it('has every command about a unit in the table', () => {
  const listed = new Set(TRANSITIONS.map(({ command }) => command))
  // Skipping leaves the unit as it is.
  const unlisted = COMMANDS.map(({ name }) => name).filter((name) => name.startsWith('unit.') && name !== 'unit.skip')
  expect(unlisted.filter((name) => !listed.has(name))).toEqual([])
})

it('has every command about a settlement that is there in the table of settlements', () => {
  const listed = new Set(SETTLEMENT_ACTIONS.map(({ command }) => command))
  const about = COMMANDS.map(({ name }) => name).filter((name) =>
    /^(settlement|exchange|store_credit|chargeback)\./.test(name),
  )
  // Proposing is about a unit.
  expect(about.filter((name) => !listed.has(name))).toEqual(['settlement.propose'])
})
