'use client'
import type { Tone } from './entry'

const KEY = 'station-sound'
let context: AudioContext | undefined

export const soundOn = (): boolean => localStorage.getItem(KEY) !== 'off'
export const setSound = (on: boolean): void => {
  localStorage.setItem(KEY, on ? 'on' : 'off')
  dispatchEvent(new Event(KEY))
}
/** Calls back when sound is switched on this page; answers how to stop. */
export const onSound = (changed: () => void): (() => void) => {
  addEventListener(KEY, changed)
  return () => removeEventListener(KEY, changed)
}

function tone(hertz: number, from: number, seconds: number): void {
  context ??= new AudioContext()
  const start = context.currentTime + from
  const oscillator = context.createOscillator()
  const volume = context.createGain()
  oscillator.frequency.value = hertz
  volume.gain.setValueAtTime(0.18, start)
  volume.gain.exponentialRampToValueAtTime(0.001, start + seconds)
  oscillator.connect(volume).connect(context.destination)
  oscillator.start(start)
  oscillator.stop(start + seconds)
}

/** Right is one short high tone, wrong two low ones, a question one in between; a tablet shakes as well. Never the only sign. */
export function signal(kind: Tone | 'taken'): void {
  if (!soundOn()) return
  try {
    if (kind === 'taken') tone(2400, 0, 0.02)
    if (kind === 'right') tone(1680, 0, 0.09)
    if (kind === 'info') tone(1100, 0, 0.07)
    if (kind === 'ask') tone(660, 0, 0.16)
    if (kind === 'wrong') {
      tone(220, 0, 0.18)
      tone(220, 0.24, 0.22)
    }
    if (kind === 'wrong') navigator.vibrate?.([120, 60, 120])
    else if (kind === 'right') navigator.vibrate?.(40)
  } catch {
    // A browser without sound: colour and words say the same.
  }
}
