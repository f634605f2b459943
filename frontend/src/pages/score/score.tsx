// The free score: how ready, why, where it may pay off, and what the report would add.

import type { Completed } from '@/api/schema'
import type { QuizSession } from '@/lib/quiz-session'
import { Adds } from '@/pages/score/adds'
import { Benchmarks } from '@/pages/score/benchmarks'
import { FinishedQuiz } from '@/pages/score/finished-quiz'
import { Offer } from '@/pages/score/offer'
import { Areas, QuickWin, Reflections } from '@/pages/score/opportunities'
import { Parts } from '@/pages/score/parts'
import { Verdict } from '@/pages/score/verdict'
import { score as say } from '@messages/score'
import { useLocation } from '@/lib/navigation'
import { Page } from '@/ui/page'
import { Block } from '@/ui/skeleton'

export default function Score() {
  return (
    <Page title={say.title}>
      <FinishedQuiz title={say.title} waiting={<Waiting />}>
        {(session, completed) => <Result session={session} completed={completed} />}
      </FinishedQuiz>
    </Page>
  )
}

function Result({ session, completed }: { session: QuizSession; completed: Completed }) {
  const { readiness, teaser } = completed
  return (
    <div className="grid gap-8">
      <Heading />
      <Cancelled />
      <div className="grid items-start gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid gap-12">
          <Verdict readiness={readiness} />
          <JumpToOffer />
          <Parts components={readiness.components} />
          <Reflections words={teaser.reflections} />
          <Areas areas={teaser.opportunity_areas} />
          <QuickWin step={teaser.quick_win} />
          <Benchmarks benchmarks={teaser.benchmarks} />
          <Adds locked={teaser.locked} />
        </div>
        <Offer session={session} />
      </div>
    </div>
  )
}

/** On a phone the offer stands at the end; nobody has to scroll blindly for it. */
const JumpToOffer = () => (
  <p className="-mt-8 lg:hidden">
    <a
      href="#offer"
      className="inline-flex min-h-11 items-center font-medium text-accent underline underline-offset-4"
    >
      {say.jump}
    </a>
  </p>
)

const Heading = () => (
  <div className="grid max-w-prose gap-2">
    <h1 className="text-3xl font-semibold sm:text-4xl">{say.title}</h1>
    <p className="text-lg text-muted">{say.lead}</p>
  </div>
)

/** For whoever comes back from the payment page without having paid. */
function Cancelled() {
  const state: unknown = useLocation().state
  if (typeof state !== 'object' || state === null || !('cancelled' in state)) return null
  return (
    <section className="grid gap-1 rounded-card border border-rule bg-tint p-5">
      <h2 className="font-semibold">{say.cancelled.title}</h2>
      <p>{say.cancelled.text}</p>
    </section>
  )
}

/** The same boxes as the page's beginning, so that nothing jumps. */
const Waiting = () => (
  <div className="grid gap-8" aria-busy="true">
    <Heading />
    <div className="grid items-start gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="grid gap-12">
        <Block className="h-72 w-full sm:h-60" />
        <Block className="h-96 w-full" />
      </div>
      <Block className="h-96 w-full" />
    </div>
  </div>
)
