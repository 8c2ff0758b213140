import type { offeredDemoAccounts } from '@/lib/auth/demo'
import { signInAsDemo } from './actions'

type People = Awaited<ReturnType<typeof offeredDemoAccounts>>

/** The people of the demo company, each one click away; plain buttons of one form, so that it works without scripts. */
export function DemoPeople({ people, callbackUrl }: { people: People; callbackUrl: string }) {
  const password = people[0]?.password ?? ''
  const others = people.filter(({ main }) => !main)
  return (
    <section
      aria-labelledby="demo"
      className="grid content-center justify-items-center border-t border-line bg-panel px-4 py-10 sm:px-8 lg:border-t-0 lg:border-l"
    >
      <form action={signInAsDemo} className="w-full max-w-[34rem]">
        <h2 id="demo" className="mb-1 text-md">
          Demo company
        </h2>
        <p className="mb-4 text-sm text-muted">
          Look around as one of its people. These accounts are for the demonstration only; all have the password{' '}
          <code className="whitespace-nowrap text-ink">{password}</code>.
        </p>
        <input type="hidden" name="password" value={password} />
        <input type="hidden" name="callbackUrl" value={callbackUrl} />
        <List people={people.filter(({ main }) => main)} />
        {others.length > 0 ? (
          <details className="group mt-3">
            <summary className="link inline-block py-1 text-sm">
              <span className="group-open:hidden">{others.length} more roles</span>
              <span className="hidden group-open:inline">Fewer roles</span>
            </summary>
            <div className="mt-2">
              <List people={others} />
            </div>
          </details>
        ) : null}
      </form>
    </section>
  )
}

function List({ people }: { people: People }) {
  return (
    <ul className="divide-y divide-line border-y border-line">
      {people.map(({ email, name, role }) => (
        <li key={email}>
          <button
            type="submit"
            name="email"
            value={email}
            className="flex min-h-10 w-full flex-wrap items-center gap-x-4 py-2 text-left text-sm hover:bg-sel sm:px-2"
          >
            <span className="w-36 font-medium">{name}</span>
            <span className="flex-1 text-muted">{role}</span>
            <span className="hidden text-muted sm:inline">{email}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
