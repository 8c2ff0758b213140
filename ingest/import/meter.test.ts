import { expect, test } from 'vitest'
import { Meter, timeLeft } from './meter'

function terminal(isTTY: boolean) {
  const written: string[] = []
  const clock = { now: 0 }
  const out = { isTTY, columns: 100, write: (text: string) => written.push(text) }
  return { written, clock, meter: new Meter(out, () => clock.now) }
}
const loading = (done: number, events: number) => ({
  phase: 'loading' as const,
  file: 'a.ndjson',
  done,
  total: 100,
  events,
})

test('on a terminal one line is drawn over, and taken away at the end', () => {
  const { written, clock, meter } = terminal(true)
  meter.show(loading(0, 0))
  clock.now = 2_000
  meter.show(loading(25, 50_000))
  meter.end()
  expect(written[1]).toBe(
    '\r\u001b[KLoading a.ndjson  ██████░░░░░░░░░░░░░░░░░░  25 %  50,000 events  25,000/s  6 s left',
  )
  expect(written.at(-1)).toBe('\r\u001b[K')
})

test('elsewhere it writes whole lines, a few seconds apart, and each phase at once', () => {
  const { written, clock, meter } = terminal(false)
  for (let second = 0; second <= 6; second++) {
    clock.now = second * 1000
    meter.show(loading(second * 10, second * 1000))
  }
  meter.show({ phase: 'publishing', file: '', done: 0, total: 1, events: 0 })
  meter.end()
  expect(written).toHaveLength(4)
  expect(written.every((line) => line.endsWith('\n') && !line.includes('\u001b'))).toBe(true)
})

test('times left are said as people say them', () => {
  expect([timeLeft(0.2), timeLeft(59.5), timeLeft(125), timeLeft(3840)]).toEqual([
    '1 s',
    '1 min 0 s',
    '2 min 5 s',
    '1 h 4 min',
  ])
})
