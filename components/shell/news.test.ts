import { describe, expect, test } from 'vitest'
import { newsFor, reachOf } from './news'

describe('the figures of a page are read again', () => {
  test('with every delivery, and not without one', () => {
    expect(newsFor('1000', { token: '1000', settled: true })).toBeUndefined()
    expect(newsFor('1000', { token: '2000', settled: true })).toBe('2000')
  })
  test('once more after a delivery that is not in every figure yet', () => {
    const first = newsFor('1000', { token: '2000', settled: false })
    expect(first).toBe('')
    expect(newsFor(first ?? '1000', { token: '2000', settled: true })).toBe('2000')
    expect(newsFor('2000', { token: '2000', settled: true })).toBeUndefined()
  })
  test('where the page was read while something came in', () => {
    expect(newsFor('', { token: '1000', settled: true })).toBe('1000')
  })
})

describe('the state of the figures', () => {
  test('is not good while events wait and none gets through, however new the newest is', () => {
    expect(reachOf(false, 300, 11_000)).toBe('stuck')
    expect(reachOf(false, null, 11_000)).toBe('stuck')
    expect(reachOf(false, 300, 900)).toBe('fresh')
  })
  test('tells a lost connection from no news, and from nothing at all', () => {
    expect(reachOf(true, 300, 60_000)).toBe('lost')
    expect(reachOf(false, 11_000, null)).toBe('stale')
    expect(reachOf(false, null, null)).toBe('none')
  })
})
