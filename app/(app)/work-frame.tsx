import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import type { SearchParams } from '@/components/filters/view-state'
import { HistoryNotice } from '@/components/shell/history-notice'
import type { PageId } from '@/components/shell/nav'
import { can } from '@/lib/auth/actor'
import type { Permission } from '@/lib/auth/permissions'
import { freshness } from '@/lib/metrics/overview'
import { historyToTakeOver } from '@/lib/undelivered'
import { Frame } from './frame'
import { panelOf } from './panel-of'
import { type Asked, asked } from './request'

/** The request of a page of work: who asks, who must hold one of these permissions; others find no such page. */
export async function workAsked(
  path: string,
  searchParams: Promise<SearchParams>,
  needs: readonly Permission[],
): Promise<Asked> {
  const request = await asked(path, searchParams)
  if (!needs.some((each) => can(request.actor, each))) notFound()
  return request
}

/** The shell around a page of work: the global bar of the figures has no place there, the page's own filters stand in the page. */
export async function WorkFrame({
  asked: request,
  current,
  path,
  children,
}: {
  asked: Asked
  current: PageId
  path: string
  children: ReactNode
}) {
  const [reach, history] = await Promise.all([
    can(request.actor, 'metrics:read') ? panelOf(() => freshness(request.actor)) : null,
    // Settings and the audit log do not rest on cases.
    current === 'settings' || current === 'audit' ? null : panelOf(historyToTakeOver),
  ])
  return (
    <Frame
      asked={request}
      current={current}
      path={path}
      options={null}
      freshness={reach?.state === 'ok' ? reach.data : null}
    >
      {history?.state === 'ok' ? (
        <HistoryNotice events={history.data} count={request.context.format.brief(history.data, 'count')} />
      ) : null}
      {children}
    </Frame>
  )
}
