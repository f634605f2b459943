// What an app page shows before its code is there: the boxes of its first state, in its own frame.
import type { ComponentType } from 'react'

import { frame as say } from '@messages/frame'
import type { Shell } from '@/routes'
import { Page } from '@/ui/page'
import { Block } from '@/ui/skeleton'

interface Outline {
  /** The page's source, by which the bundle knows its code. */
  page: string
  Skeleton: ComponentType
}

export const shells: Record<Shell, Outline> = {
  quiz: { page: 'src/pages/quiz/quiz.tsx', Skeleton: Quiz },
  score: { page: 'src/pages/score/score.tsx', Skeleton: Score },
  checkout: { page: 'src/pages/checkout/checkout.tsx', Skeleton: Checkout },
  reports: { page: 'src/pages/report/report.tsx', Skeleton: Report },
  admin: { page: 'src/pages/admin/admin.tsx', Skeleton: Admin },
  error: { page: 'src/pages/errors/not-found.tsx', Skeleton: NotFound },
}

function Quiz() {
  return (
    <Page title="" width="narrow">
      <Waiting>
        <Block className="h-9 w-3/4" />
        <Block className="h-5 w-full" />
        <Block className="mt-4 h-24 w-full" />
        <Block className="h-24 w-full" />
        <Block className="h-24 w-full" />
      </Waiting>
    </Page>
  )
}

function Score() {
  return (
    <Page title="">
      <Waiting>
        <Block className="h-9 w-2/3" />
        <Block className="h-5 w-full" />
        <Block className="mt-4 h-72 w-full" />
      </Waiting>
    </Page>
  )
}

function Checkout() {
  return (
    <Page title="" width="narrow">
      <Waiting>
        <Block className="h-9 w-2/3" />
        <Block className="h-5 w-full" />
        <Block className="mt-4 h-48 w-full" />
      </Waiting>
    </Page>
  )
}

function Report() {
  return (
    <Page title="">
      <Waiting>
        <Block className="h-9 w-2/3" />
        <Block className="h-5 w-5/6" />
        <Block className="mt-4 h-64 w-full" />
      </Waiting>
    </Page>
  )
}

function Admin() {
  return (
    <Page title="">
      <Waiting>
        <Block className="h-9 w-48" />
        <Block className="mt-4 h-96 w-full" />
      </Waiting>
    </Page>
  )
}

/** The server sends this one with a 404, also to browsers without a script: it says what the page will say. */
function NotFound() {
  return (
    <Page title="" width="narrow">
      <Waiting>
        <Block className="h-9 w-2/3" />
        <Block className="h-6 w-full" />
      </Waiting>
    </Page>
  )
}

const Waiting = ({ children }: { children: React.ReactNode }) => (
  <div className="grid gap-4" aria-busy="true">
    <p className="sr-only" role="status">
      {say.loading}
    </p>
    {children}
  </div>
)
