import { firstOf, type SearchParams } from '@/components/filters/view-state'
import { NOBODY } from './view'

export interface SimulationParams {
  version: number | undefined
  against: number | undefined
  run: string | undefined
  verdict: string | undefined
  row: string | undefined
  offset: number
}

/** What the address of the page says; what cannot be read falls back to its default. */
export function simulationParams(params: SearchParams): SimulationParams {
  const number = (name: string) => {
    const text = firstOf(params[name])
    return text && /^\d{1,6}$/.test(text) ? Number(text) : undefined
  }
  const chosen = (name: string) => {
    const text = firstOf(params[name])
    return text === NOBODY ? '' : text
  }
  return {
    ...{ version: number('version'), against: number('against'), run: firstOf(params.run) },
    ...{ verdict: chosen('verdict'), row: chosen('row'), offset: number('offset') ?? 0 },
  }
}
