import type { Shift } from '../db/schema/reference'

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** A zone's clock; making one costs more than all that is done with it. */
function clockIn(tz: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(tz) ??
    new Intl.DateTimeFormat('en-GB', { timeZone: tz, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  clocks.set(tz, clock)
  return clock
}
const clocks = new Map<string, Intl.DateTimeFormat>()

/** The shift on duty at an instant by the facility's own clock ('' when it has none); one may pass midnight. */
export function shiftAt({ tz, shifts }: { tz: string; shifts: readonly Shift[] }, at: Date): string {
  const now = minutes(clockIn(tz).format(at))
  const on = shifts.find(({ from, to }) => {
    const [start, end] = [minutes(from), minutes(to)]
    return start < end ? now >= start && now < end : now >= start || now < end
  })
  return on?.id ?? shifts[0]?.id ?? ''
}

/** The shift as a field of an event: absent where the facility has none at that hour. */
export function shiftOf(place: Parameters<typeof shiftAt>[0], at: Date): { shift?: string } {
  const shift = shiftAt(place, at)
  return shift ? { shift } : {}
}
