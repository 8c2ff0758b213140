'use client'

/** A plain link: after a fault the page is loaded afresh. */
const HOME = '/'

/** A page that could not be made: what happened, what is safe, what to do. */
export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main id="main" className="page max-w-[76ch]">
      <h1 className="mb-1 text-lg">This page could not be read</h1>
      <p className="text-muted">
        Nothing was changed and no figure is lost. Try again; if it stays, tell whoever runs Backhaul
        {error.digest ? ` the number ${error.digest}` : ''}.
      </p>
      <p className="mt-3 flex gap-2">
        <button type="button" className="control primary" onClick={reset}>
          Try again
        </button>
        <a className="control" href={HOME}>
          Overview
        </a>
      </p>
    </main>
  )
}
