'use client'

/** What a point says; spoken too. It can be hovered and does not hide what it speaks of. */
export function Tip({ title, facts }: { title: string; facts: { name: string; text: string }[] }) {
  return (
    <output aria-live="polite" className="layer block min-w-40 px-3 py-2 text-xs">
      <p className="mb-1 font-medium">{title}</p>
      <dl className="grid grid-cols-[auto_auto] gap-x-4">
        {facts.map((fact) => (
          <div key={fact.name} className="contents">
            <dt className="text-muted">{fact.name}</dt>
            <dd className="num text-right">{fact.text}</dd>
          </div>
        ))}
      </dl>
    </output>
  )
}
