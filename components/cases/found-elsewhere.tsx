import type { Place } from '@/lib/workflow/read/find-types'

/** What was searched for and is no return: said above the list, with the way there. */
export function FoundElsewhere({ places }: { places: readonly (Place & { href: string | null })[] }) {
  if (places.length === 0) return null
  return (
    <ul className="mb-3 border-l-2 border-warn pl-3 text-sm">
      {places.map((place) => (
        <li key={`${place.kind}${place.id}`}>
          {place.kind === 'sale' ? (
            `Order ${place.id} is known, and nothing of it has been asked back.`
          ) : (
            <>
              {place.href ? (
                <a className="link" href={place.href}>
                  {place.unitId}
                </a>
              ) : (
                place.unitId
              )}{' '}
              was received without a return.
            </>
          )}
        </li>
      ))}
    </ul>
  )
}
