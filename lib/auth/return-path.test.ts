import { expect, test } from 'vitest'
import { returnPath } from './return-path'

const ORIGIN = 'https://returns.example.com'

test.each([
  ['/', '/'],
  ['/rows?metric=a&filter=b:eq:c#top', '/rows?metric=a&filter=b:eq:c#top'],
  ['https://returns.example.com/rows', '/rows'],
  ['glossary', '/glossary'],
])('%s leads to %s', (address, path) => {
  expect(returnPath(address, ORIGIN)).toBe(path)
})

test.each([
  'https://evil.example/rows',
  'http://returns.example.com/',
  'https://returns.example.com.evil.example/',
  'https://returns.example.com@evil.example/',
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '/login',
  '/login/setup?token=x',
  '/logout',
  '/api/auth/signout',
  '',
  undefined,
  ['/rows'],
])('%j leads nowhere', (address) => {
  expect(returnPath(address, ORIGIN)).toBeUndefined()
})
