import { expect, test } from 'vitest'
import { UserError } from '../../lib/errors'
import { isOfAnEvent } from './set-aside'

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code })
const wrapped = (cause: Error) => new Error('Failed query', { cause })

test.each([
  ['a value that Postgres refuses', wrapped(coded('22003'))],
  ['a broken constraint', coded('23514')],
  ['what our own rules throw', new Error('An event of our own breaks the contract')],
  ['a refusal of our own rules', new UserError('x', 'This cannot be.')],
  ['a fault in the program', new TypeError('x is undefined')],
])('%s may be about the event', (_name, error) => expect(isOfAnEvent(error)).toBe(true))

test.each([
  ['a deadlock', coded('40P01')],
  ['a server that goes down', wrapped(coded('57P01'))],
  ['a full disk', coded('53100')],
  ['a lock that is not given', coded('55P03')],
  ['a schema of another version', coded('42703')],
  ['a refused connection', wrapped(coded('ECONNREFUSED'))],
  ['a broken pipe', coded('EPIPE')],
  ['a lost connection', wrapped(new Error('Connection terminated unexpectedly'))],
])('%s is not: the batch waits', (_name, error) => expect(isOfAnEvent(error)).toBe(false))
