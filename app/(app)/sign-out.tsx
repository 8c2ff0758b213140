/** Ends the session on the server; a plain form, so that it works without scripts. */
export function SignOut() {
  return (
    <form method="post" action="/logout">
      <button type="submit" className="control w-full">
        Sign out
      </button>
    </form>
  )
}
