import { expect, test } from 'vitest'
import { whyGuessable } from './guessable'

const ABOUT = ['Ada Lovelace', 'ada.lovelace@example.com']

test.each([
  'password1234',
  'P@ssw0rd!2026',
  'Passw0rd12345',
  'Welcome2026!!',
  'backhaul-2026',
  '123456789012',
  '987654321098',
  'qwertyuiop12',
  'abcdefghijkl',
  'aaaaaaaaaaaaaa',
  'abcabcabcabc',
  'passwordpassword',
  'ABAB1212ABAB',
  'Lovelace1815!',
  'ada.lovelace',
])('%s is refused, with a reason', (password) => {
  expect(whyGuessable(password, ABOUT)).toMatch(/^this one /)
})

test.each([
  'correct horse battery',
  'bora bora island sun',
  'ada met charles in 1833',
  'Rückläufer-am-Montag',
  'x7#kPq!vR2mL',
  '返品倉庫の棚番号は七番です',
  'qwerty is no good alone',
])('%s is taken', (password) => {
  expect(whyGuessable(password, ABOUT)).toBeUndefined()
})
