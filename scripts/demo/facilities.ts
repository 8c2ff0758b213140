import type { Shift } from '../../lib/db/schema/reference'
import { DAY, HOUR, MINUTE, weekdayOf, Zone } from './calendar'
import type { Random } from './prng'
import { lodzSlowdown, type Story } from './story'

export const FACILITIES = ['venlo', 'lodz', 'columbus'] as const
export type FacilityId = (typeof FACILITIES)[number]

export interface Facility {
  id: FacilityId
  name: string
  kind: 'warehouse' | '3pl'
  entity: string
  country: string
  zone: Zone
  source: string
  currency: string
  /** Wages in cents of its currency an hour; return freight of a small parcel, median. */
  wage: number
  parcel: number
  shifts: Shift[]
  /** Units a working day can inspect at scale 1. */
  capacity: number
  /** Local opening hours of a working day in milliseconds, and the working days, Sunday first. */
  hours: [number, number]
  workdays: boolean[]
}

const weekdays = (saturday: boolean) => [false, true, true, true, true, true, saturday]

export const FACILITY: Record<FacilityId, Facility> = {
  venlo: {
    id: 'venlo',
    name: 'Venlo',
    kind: 'warehouse',
    entity: 'acme-eu',
    country: 'NL',
    zone: new Zone('Europe/Amsterdam'),
    source: '/wms/venlo',
    currency: 'EUR',
    wage: 2800,
    parcel: 640,
    shifts: [
      { id: 'early', from: '06:00', to: '14:00' },
      { id: 'late', from: '14:00', to: '22:00' },
    ],
    capacity: 110,
    hours: [6 * HOUR, 22 * HOUR],
    workdays: weekdays(true),
  },
  lodz: {
    id: 'lodz',
    name: 'Łódź',
    kind: 'warehouse',
    entity: 'acme-eu',
    country: 'PL',
    zone: new Zone('Europe/Warsaw'),
    source: '/wms/lodz',
    currency: 'PLN',
    wage: 6200,
    parcel: 2350,
    shifts: [
      { id: 'early', from: '06:00', to: '14:00' },
      { id: 'late', from: '14:00', to: '22:00' },
      { id: 'night', from: '22:00', to: '06:00' },
    ],
    capacity: 60,
    hours: [6 * HOUR, 22 * HOUR],
    workdays: weekdays(false),
  },
  columbus: {
    id: 'columbus',
    name: 'Columbus 3PL',
    kind: '3pl',
    entity: 'acme-us',
    country: 'US',
    zone: new Zone('America/New_York'),
    source: '/3pl/columbus',
    currency: 'USD',
    wage: 2800,
    parcel: 750,
    shifts: [
      { id: 'day', from: '07:00', to: '15:30' },
      { id: 'evening', from: '15:30', to: '23:00' },
    ],
    capacity: 75,
    hours: [7 * HOUR, 23 * HOUR],
    workdays: weekdays(false),
  },
}

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3))

/** The shift on duty at an instant, by the facility's own clock. */
export function shiftAt(facility: Facility, at: number): string {
  const local = at + facility.zone.offset(at)
  const minute = Math.floor((local % DAY) / MINUTE)
  for (const shift of facility.shifts) {
    const from = minutes(shift.from)
    const to = minutes(shift.to)
    if (from < to ? minute >= from && minute < to : minute >= from || minute < to) return shift.id
  }
  return facility.shifts[0]?.id ?? ''
}

/** The first instant from `at` on at which the facility works; what waited overnight is done in the morning's first hours. */
export function workingTime(facility: Facility, story: Story, at: number, random: Random): number {
  let time = at
  for (let days = 0; days < 8; days++) {
    const local = time + facility.zone.offset(time)
    const midnight = Math.floor(local / DAY) * DAY
    const [open, close] = nightWork(facility, story, time) ? [0, DAY] : facility.hours
    const working = facility.workdays[weekdayOf(midnight / DAY)] ?? false
    const clock = local - midnight
    if (working && clock >= open && clock < close)
      return time === at ? time : time + random.next() * random.next() * 5 * HOUR
    const next = working && clock < open ? midnight + open : midnight + DAY + open
    time = next - facility.zone.offset(next)
  }
  return time
}

/** Łódź worked around the clock until the night shift was dropped. */
const nightWork = (facility: Facility, story: Story, at: number): boolean =>
  facility.id === 'lodz' && at < story.understaffedFrom

/** How many times longer than usual things wait for a hand in this place at this time. */
export const slowdown = (facility: Facility, story: Story, at: number): number =>
  facility.id === 'lodz' ? lodzSlowdown(story, at) : 1
