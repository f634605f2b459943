// Privacy, terms and imprint: one reading page, whose gaps are easy to see as long as there are any.
import type { ReactNode } from 'react'

import { legal as say, type LegalText } from '@messages/legal'
import { Frame } from '@/pages/landing/frame'

export const Privacy = () => <Legal text={say.privacy} />
export const Terms = () => <Legal text={say.terms} />
export const Imprint = () => <Legal text={say.imprint} />

const Legal = ({ text }: { text: LegalText }) => (
  <Frame>
    <main id="main" tabIndex={-1} className="mx-auto w-[min(44rem,100%-2rem)] py-10 sm:py-14">
      <h1 className="text-3xl font-semibold sm:text-4xl">{text.title}</h1>
      <p className="mt-4 text-lg text-muted">{text.lead}</p>
      {hasGaps(text) && (
        <aside
          aria-labelledby="draft"
          className="mt-8 grid gap-1 rounded-card border border-warn bg-warn-tint p-5"
        >
          <h2 id="draft" className="font-semibold text-warn">
            {say.draft}
          </h2>
          <p>{say.draftText}</p>
        </aside>
      )}
      {text.sections.map((section) => (
        <section key={section.title} className="mt-10 grid gap-3">
          <h2 className="text-xl font-semibold">{section.title}</h2>
          {section.text.map((paragraph) => (
            <p key={paragraph}>{withGaps(paragraph)}</p>
          ))}
          {section.list && (
            <ul className="grid list-disc gap-1.5 pl-5">
              {section.list.map((item) => (
                <li key={item}>{withGaps(item)}</li>
              ))}
            </ul>
          )}
        </section>
      ))}
    </main>
  </Frame>
)

const GAP = /(\[operator: [^\]]+\])/

export const hasGaps = (text: LegalText): boolean =>
  text.sections.some((section) => [...section.text, ...(section.list ?? [])].some((part) => GAP.test(part)))

/** The gaps of a sentence as marks. Split by a group, every second piece is a gap. */
function withGaps(text: string): ReactNode {
  return text.split(GAP).map((piece, index) =>
    index % 2 === 1 ? (
      <mark key={piece} className="rounded-sm bg-warn-tint text-warn">
        {piece}
      </mark>
    ) : (
      piece
    ),
  )
}
