/** A plain link: after a fault the page is loaded afresh. */
const HOME = '/'

export default function NotFound() {
  return (
    <main className="page max-w-[76ch]">
      <h1 className="mb-1 text-lg">No such page</h1>
      <p className="text-muted">The address may be mistyped, or the page may have been renamed.</p>
      <p className="mt-3">
        <a className="control" href={HOME}>
          Overview
        </a>
      </p>
    </main>
  )
}
