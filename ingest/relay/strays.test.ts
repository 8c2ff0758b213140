import { expect, test } from 'vitest'
import { type Home, straysAmong } from './strays'

const home = (ref: string, version: bigint, id = 'e'): Home => ({
  ...{ place: 'unit_events', ref, source: '/s', id },
  version,
})

test('an older version in another place is a stray, and gets the version of the winner', () => {
  expect(straysAmong([home('u1', 1n), home('u2', 9n)])).toEqual([
    { place: 'unit_events', ref: 'u1', source: '/s', id: 'e', top: 9n },
  ])
})

test('the place of the winner is left alone, whatever else is known of it', () => {
  // The tombstone at u1 has the winner's version; u2 is told once as it stands and once as it will be sent again.
  const homes = [home('u1', 9n), home('u2', 1n), home('u2', 9n)]
  expect(straysAmong(homes)).toEqual([])
  expect(straysAmong(homes.toReversed())).toEqual([])
})

test('identities are looked at one by one, and tables too', () => {
  const moved = { ...home('u1', 1n), place: 'movement_events' }
  expect(straysAmong([moved, home('u1', 2n), home('u1', 1n, 'f'), home('u3', 1n, 'g')])).toEqual([
    { place: 'movement_events', ref: 'u1', source: '/s', id: 'e', top: 2n },
  ])
})
