import { expect, it } from 'vitest'
import { TRANSITIONS } from '../returns/lifecycle'
import { COMMANDS } from './registry'

it('names only commands that there are, with the permission that they ask for', () => {
  const known = new Map(COMMANDS.map(({ name, permission }) => [name, permission as string]))
  for (const { command, permission } of TRANSITIONS)
    if (command !== null) expect([command, known.get(command)]).toEqual([command, permission])
})

it('has every command about a unit in the table', () => {
  const listed = new Set(TRANSITIONS.map(({ command }) => command))
  // Skipping leaves the unit as it is.
  const unlisted = COMMANDS.map(({ name }) => name).filter((name) => name.startsWith('unit.') && name !== 'unit.skip')
  expect(unlisted.filter((name) => !listed.has(name))).toEqual([])
})
