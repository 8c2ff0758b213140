'use client'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useTransition } from 'react'

const HARD = /^\/(api|rows\/csv|print)\b/

/** The address to go to softly, or nothing when the browser should do what it does. */
function softTarget(url: URL): string | undefined {
  if (url.origin !== location.origin || HARD.test(url.pathname)) return undefined
  return url.pathname + url.search + url.hash
}

/** A form's fields as the query of its action; empty fields are left out. */
function formTarget(form: HTMLFormElement, submitter: HTMLElement | null): URL {
  const url = new URL(form.action)
  const data = submitter instanceof HTMLButtonElement ? new FormData(form, submitter) : new FormData(form)
  for (const [name, value] of data) if (typeof value === 'string' && value !== '') url.searchParams.append(name, value)
  return url
}

/**
 * Pages are plain links and forms, which work without scripts. With them, this takes over every one at once: the next page
 * is fetched and swapped in while the old one stays in view, marked as busy. Answers whether one is on its way.
 */
export function useSoftNavigation(): { pending: boolean; go: (target: string) => void; refresh: () => void } {
  const router = useRouter()
  const [pending, start] = useTransition()
  const [refreshing, startQuietly] = useTransition()
  const go = (target: string) => {
    const same = target.split('?')[0] === location.pathname
    start(() => router.push(target, { scroll: !same }))
  }
  const goTo = useEffectEvent(go)
  useEffect(() => {
    const abort = new AbortController()
    const options = { signal: abort.signal }
    document.addEventListener(
      'click',
      (event) => {
        if (event.defaultPrevented || event.button !== 0) return
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        const link = event.target instanceof Element ? event.target.closest('a[href]') : null
        if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute('download')) return
        const url = new URL(link.href)
        if (url.hash && url.pathname + url.search === location.pathname + location.search) return
        const target = softTarget(url)
        if (!target) return
        event.preventDefault()
        closeMenus(link)
        goTo(target)
      },
      options,
    )
    document.addEventListener(
      'submit',
      (event) => {
        const form = event.target
        if (!(form instanceof HTMLFormElement) || form.method !== 'get' || event.defaultPrevented) return
        const target = softTarget(formTarget(form, event.submitter))
        if (!target) return
        event.preventDefault()
        closeMenus(form)
        goTo(target)
      },
      options,
    )
    // A ticked box acts at once; its menu stays open for the next one.
    document.addEventListener(
      'change',
      (event) => {
        const form = event.target instanceof Element ? event.target.closest('form[data-auto]') : null
        const target = form instanceof HTMLFormElement ? softTarget(formTarget(form, null)) : undefined
        if (target) goTo(target)
      },
      options,
    )
    return () => abort.abort()
  }, [])
  return { pending, go, refresh: refreshing || pending ? noop : () => startQuietly(() => router.refresh()) }
}

/** One reading of the figures at a time: a slow server is not asked again before it has answered. */
const noop = () => {}

/** Closes the menu or the layer that a link or form was in, and every other. */
function closeMenus(inside: Element): void {
  for (const menu of document.querySelectorAll('details[data-menu][open]')) menu.removeAttribute('open')
  const layer = inside.closest('[popover]')
  if (layer instanceof HTMLElement && layer.matches(':popover-open')) layer.hidePopover()
}
