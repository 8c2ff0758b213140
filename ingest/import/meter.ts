import type { Progress } from './import-files'

interface Terminal {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const REDRAW_MS = 100
const LINE_MS = 3_000
const BAR = 24

const TITLES: Record<Progress['phase'], string> = {
  fingerprint: 'Reading',
  mapping: 'Mapping',
  loading: 'Loading',
  publishing: 'Publishing',
}

/**
 * Shows how far an import is, with rate and time left: one line that is drawn over on a terminal, elsewhere a line every few seconds and at
 * each new phase.
 */
export class Meter {
  private phase = ''
  private began = 0
  private shown = Number.NEGATIVE_INFINITY
  private drawn = false

  constructor(
    private readonly out: Terminal,
    private readonly now: () => number = Date.now,
  ) {}

  show(progress: Progress): void {
    const now = this.now()
    const { phase } = progress
    if (phase !== this.phase) {
      this.phase = phase
      this.began = now
      this.shown = Number.NEGATIVE_INFINITY
    }
    if (now - this.shown < (this.out.isTTY ? REDRAW_MS : LINE_MS)) return
    this.shown = now
    const text = this.line(progress, (now - this.began) / 1000)
    if (this.out.isTTY) {
      this.out.write(`\r\u001b[K${text.slice(0, (this.out.columns ?? 80) - 1)}`)
      this.drawn = true
    } else {
      this.out.write(`${text}\n`)
    }
  }

  /** Leaves the terminal with an empty line. */
  end(): void {
    if (this.drawn) this.out.write('\r\u001b[K')
    this.drawn = false
  }

  private line({ phase, file, done, total, events }: Progress, seconds: number): string {
    const share = total > 0 ? Math.min(1, done / total) : 0
    const filled = Math.round(share * BAR)
    const parts = [`${TITLES[phase]}${file ? ` ${file}` : ''}`]
    if (total > 0) {
      parts.push(`${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${String(Math.floor(share * 100)).padStart(3)} %`)
    }
    if (phase === 'loading' && events > 0) {
      parts.push(`${events.toLocaleString('en-US')} events`)
      if (seconds > 0) parts.push(`${Math.round(events / seconds).toLocaleString('en-US')}/s`)
    }
    if (share > 0 && share < 1 && seconds > 0) parts.push(`${timeLeft((seconds / share) * (1 - share))} left`)
    return parts.join('  ')
  }
}

/** 8 s, 2 min 5 s, 1 h 4 min. */
export function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
