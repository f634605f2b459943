// The start page.
import { landing as say } from '@messages/landing'

export function Landing() {
  return (
    <main className="frame py-8">
      <h1 className="text-3xl font-semibold">{say.meta.title}</h1>
    </main>
  )
}
