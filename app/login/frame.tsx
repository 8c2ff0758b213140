import type { ReactNode } from 'react'
import { Mark } from '@/components/ui/mark'

/** The page before one is in: who we are, a heading, a column of fields; beside it, on request, what else there is to say. */
export function LoginFrame({
  title,
  lead,
  aside,
  children,
}: {
  title: string
  lead: string
  aside?: ReactNode
  children: ReactNode
}) {
  return (
    <main className={`grid min-h-dvh ${aside ? 'lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]' : ''}`}>
      <div className="grid content-center justify-items-center px-4 py-10 sm:px-8">
        <section aria-labelledby="title" className="w-full sm:max-w-[22rem]">
          <p className="mb-10 flex items-center gap-2 text-md font-semibold">
            <Mark size={22} /> Backhaul
          </p>
          <h1 id="title" className="mb-1 text-2xl tracking-[-0.01em]">
            {title}
          </h1>
          <p className="mb-6 text-sm text-muted">{lead}</p>
          {children}
        </section>
      </div>
      {aside}
    </main>
  )
}
