// What an app page shows before its code is there: the boxes and the fixed words of its first state, in its own frame. Where they differ
// from the page's own, the page jumps when it takes over.
import type { ComponentType, ReactNode } from 'react'

import { checkout } from '@messages/checkout'
import { frame as say } from '@messages/frame'
import { quiz } from '@messages/quiz'
import { score } from '@messages/score'
import { Opening } from '@/pages/report/states/opening'
import type { Shell } from '@/routes'
import { Page } from '@/ui/page'
import { Block } from '@/ui/skeleton'

interface Outline {
  /** The page's source, by which the bundle knows its code. */
  page: string
  Skeleton: ComponentType
  /** Addresses of the same page that begin with something else. */
  also?: readonly { pattern: string; name: string; Skeleton: ComponentType }[]
}

export const shells: Record<Shell, Outline> = {
  quiz: {
    page: 'src/pages/quiz/quiz.tsx',
    Skeleton: Question,
    also: [{ pattern: '/quiz', name: 'industries', Skeleton: Industries }],
  },
  score: { page: 'src/pages/score/score.tsx', Skeleton: Score },
  checkout: { page: 'src/pages/checkout/checkout.tsx', Skeleton: Checkout },
  reports: { page: 'src/pages/report/report.tsx', Skeleton: Opening },
  admin: { page: 'src/pages/admin/admin.tsx', Skeleton: Admin },
  error: { page: 'src/pages/errors/not-found.tsx', Skeleton: NotFound },
}

function Industries() {
  return (
    <Page title="" width="narrow">
      <Waiting gap="gap-8">
        <Heading {...quiz.choose} />
        <div className="grid gap-4">
          <h2 className="text-xl font-semibold">{quiz.choose.which}</h2>
          <div className="grid gap-3">
            <Block className="h-24 w-full" />
            <Block className="h-24 w-full" />
            <Block className="h-24 w-full" />
          </div>
        </div>
      </Waiting>
    </Page>
  )
}

function Question() {
  return (
    <Page title="" width="narrow">
      <Waiting gap="gap-4">
        <Block className="h-2 w-full" />
        <Block className="mt-8 h-9 w-4/5" />
        <Block className="h-5 w-3/5" />
        <Block className="mt-4 h-14 w-full" />
        <Block className="h-14 w-full" />
        <Block className="h-14 w-full" />
      </Waiting>
    </Page>
  )
}

function Score() {
  return (
    <Page title="">
      <Waiting gap="gap-8">
        <Heading {...score} />
        <div className="grid items-start gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="grid gap-12">
            <Block className="h-72 w-full sm:h-60" />
            <Block className="h-96 w-full" />
          </div>
          <Block className="h-96 w-full" />
        </div>
      </Waiting>
    </Page>
  )
}

function Checkout() {
  return (
    <Page title="" width="narrow">
      <Waiting gap="gap-8">
        <div className="grid gap-2">
          <h1 className="text-3xl font-semibold">{checkout.title}</h1>
          <p className="text-muted">{checkout.lead}</p>
        </div>
        <Block className="h-56 w-full" />
        <Block className="h-48 w-full" />
        <Block className="h-40 w-full" />
      </Waiting>
    </Page>
  )
}

function Admin() {
  return (
    <Page title="">
      <Waiting gap="gap-4">
        <Block className="h-9 w-48" />
        <Block className="mt-4 h-96 w-full" />
      </Waiting>
    </Page>
  )
}

function NotFound() {
  return (
    <Page title="" width="narrow">
      <Waiting gap="gap-4">
        <Block className="h-9 w-2/3" />
        <Block className="h-6 w-full" />
        <Block className="h-11 w-64" />
      </Waiting>
    </Page>
  )
}

/** The words that stand there in any case; the largest text of the page is then painted before its code is there. */
const Heading = ({ title, lead }: { title: string; lead: string }) => (
  <div className="grid gap-3">
    <h1 className="text-3xl font-semibold sm:text-4xl">{title}</h1>
    <p className="text-lg text-muted">{lead}</p>
  </div>
)

const Waiting = ({ gap, children }: { gap: string; children: ReactNode }) => (
  <div className={`grid ${gap}`} aria-busy="true">
    <p className="sr-only" role="status">
      {say.loading}
    </p>
    {children}
  </div>
)
