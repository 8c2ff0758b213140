'use client'
import type { SparkPoint } from '@/lib/metrics/overview-types'
import { Spark } from '../charts/spark'
import { Delta, type Verdict } from '../ui/delta'
import { FigureDialog, type OpenedFigure } from './figure-dialog'

/** A tile in words; made on the server, so that it travels once. */
export interface TileWords {
  label: string
  brief: string
  exact: string
  /** Of the value as it is, for machines. */
  value: string
  href: string
  delta: { up: boolean; size: string; verdict: Verdict; title: string } | null
  provisional: boolean
  context: string
  spark: SparkPoint[]
  sparkLabel: string
  opened: OpenedFigure
}

/** Label, value, change, shape, one line of context. The whole tile leads to its rows; the small "i" lies above it. */
export function TileFace({ tile }: { tile: TileWords }) {
  return (
    <>
      <div className="flex items-start justify-between gap-2">
        <h3 className="text-xs font-normal text-muted">{tile.label}</h3>
        <FigureDialog opened={tile.opened} />
      </div>
      <div className="flex items-end justify-between gap-3">
        <a href={tile.href} className="tile-link" title={`${tile.exact}: open the rows`}>
          <data value={tile.value} data-live>
            {tile.brief}
          </data>
        </a>
        <div className="min-w-0 max-w-24 flex-1">
          <Spark points={tile.spark} label={tile.sparkLabel} />
        </div>
      </div>
      <p className="mt-0.5 h-4 text-xs">
        {tile.delta ? <Delta {...tile.delta} /> : null}
        {tile.provisional ? <span className="text-warn">projected, not yet mature</span> : null}
      </p>
      <p className="mt-0.5 text-xs text-muted">{tile.context}</p>
    </>
  )
}
