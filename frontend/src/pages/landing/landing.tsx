// The start page: what it is, how it works, a piece of a real report, why to believe it, for whom, questions, help.
import type { ReactNode } from 'react'

import { landing as say } from '@messages/landing'
import { Frame } from '@/pages/landing/frame'
import { Hero, StartLink } from '@/pages/landing/hero'
import { SampleFinding } from '@/pages/landing/sample-finding'
import { href } from '@/routes'

export const Landing = () => (
  <Frame>
    <main id="main" tabIndex={-1}>
      <Hero />
      <Section id="steps" title={say.steps.title}>
        <ol className="grid gap-x-10 gap-y-8 sm:grid-cols-2 lg:grid-cols-4">
          {say.steps.list.map((step, index) => (
            <li key={step.title} className="grid content-start gap-2">
              <span
                aria-hidden="true"
                className="figure grid size-9 place-items-center rounded-full bg-tint font-semibold text-accent"
              >
                {index + 1}
              </span>
              <h3 className="mt-1 font-semibold">{step.title}</h3>
              <p className="text-muted">{step.text}</p>
            </li>
          ))}
        </ol>
      </Section>
      <SampleFinding />
      <Section id="honest" title={say.honest.title}>
        <ul className="grid gap-x-12 gap-y-8 sm:grid-cols-2 lg:grid-cols-3">
          {say.honest.list.map((one) => (
            <li key={one.title} className="grid content-start gap-1.5">
              <h3 className="font-semibold">{one.title}</h3>
              <p className="text-muted">{one.text}</p>
            </li>
          ))}
        </ul>
      </Section>
      <Section id="industries" title={say.industries.title} tinted>
        <ul className="grid gap-4 md:grid-cols-3">
          {say.industries.list.map((industry) => (
            <li
              key={industry.slug}
              className="grid grid-rows-[auto_1fr_auto] gap-1.5 rounded-card border border-rule bg-paper p-6"
            >
              <h3 className="font-semibold">{industry.name}</h3>
              <p className="text-muted">{industry.text}</p>
              <a
                href={href.quiz(industry.slug)}
                className="no-print -mb-2 inline-flex min-h-11 items-center font-semibold text-accent underline-offset-4 hover:underline"
              >
                {industry.start}
              </a>
            </li>
          ))}
        </ul>
        <p className="mt-6 max-w-prose text-muted">{say.industries.others}</p>
      </Section>
      <Section id="questions" title={say.questions.title}>
        <div className="max-w-3xl border-t border-rule">
          {say.questions.list.map((one) => (
            <details
              key={one.question}
              className="group border-b border-rule print:details-content:[content-visibility:visible] print:details-content:[block-size:auto]"
            >
              <summary className="flex min-h-14 list-none items-center justify-between gap-4 py-3 font-medium [&::-webkit-details-marker]:hidden">
                {one.question}
                <svg
                  viewBox="0 0 24 24"
                  className="no-print size-5 shrink-0 text-muted transition-transform duration-150 group-open:rotate-180"
                  fill="none"
                  stroke="currentColor"
                  strokeWidth="2"
                  strokeLinecap="round"
                  strokeLinejoin="round"
                  aria-hidden="true"
                >
                  <path d="m6 9 6 6 6-6" />
                </svg>
              </summary>
              <p className="max-w-prose pb-5 text-muted">{one.answer}</p>
            </details>
          ))}
        </div>
        <p className="mt-4">
          <TextLink to={href.privacy}>{say.questions.privacy}</TextLink>
        </p>
      </Section>
      <Section id="help" title={say.help.title} tinted>
        <ul className="grid gap-x-12 gap-y-6 sm:grid-cols-2">
          {say.help.list.map((one) => (
            <li key={one.title} className="grid content-start gap-1">
              <h3 className="font-semibold">{one.title}</h3>
              <p className="max-w-prose text-muted">{one.text}</p>
            </li>
          ))}
        </ul>
      </Section>
      <section className="no-print frame grid justify-items-center gap-6 py-16 text-center sm:py-24">
        <h2 className="text-2xl font-semibold sm:text-3xl">{say.close.title}</h2>
        <StartLink />
      </section>
    </main>
  </Frame>
)

interface SectionProps {
  id: string
  title: string
  tinted?: boolean
  children: ReactNode
}

const Section = ({ id, title, tinted = false, children }: SectionProps) => (
  <section
    id={id}
    aria-labelledby={`${id}-title`}
    className={tinted ? 'border-y border-rule bg-surface' : ''}
  >
    <div className="frame py-14 sm:py-20">
      <h2 id={`${id}-title`} className="mb-8 text-2xl font-semibold sm:text-3xl">
        {title}
      </h2>
      {children}
    </div>
  </section>
)

const TextLink = ({ to, children }: { to: string; children: ReactNode }) => (
  <a
    href={to}
    className="inline-flex min-h-11 items-center font-semibold text-accent underline-offset-4 hover:underline"
  >
    {children}
  </a>
)
