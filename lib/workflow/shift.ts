import type { Shift } from '../db/schema/reference'

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))

/** The shift on duty at an instant by the facility's own clock ('' when it has none); one may pass midnight. */
export function shiftAt({ tz, shifts }: { tz: string; shifts: readonly Shift[] }, at: Date): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: tz,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at)
  const now = minutes(parts)
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
