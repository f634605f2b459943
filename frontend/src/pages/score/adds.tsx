// What the report adds to the score. Only what the API plans for it: no invented finding behind a blur.
import type { Locked } from '@/api/schema'
import { Section } from '@/pages/score/section'
import { score as say } from '@messages/score'

export function Adds({ locked }: { locked: Locked }) {
  const additions = [
    say.adds.findings(locked.findings_planned),
    say.adds.options(locked.options_per_recommendation),
    say.adds.against,
    say.adds.money,
  ]
  return (
    <Section title={say.adds.title} help={say.adds.help}>
      <ul className="grid gap-4 sm:grid-cols-2">
        {additions.map(({ title, text }) => (
          <li
            key={title}
            className="grid content-start gap-1 rounded-card border border-dashed border-edge p-5"
          >
            <h3 className="flex items-start gap-2.5 font-semibold">
              <Lock /> {title}
            </h3>
            <p className="text-muted">{text}</p>
          </li>
        ))}
      </ul>
    </Section>
  )
}

const Lock = () => (
  <svg
    viewBox="0 0 24 24"
    className="mt-0.5 size-5 shrink-0 text-muted"
    fill="none"
    stroke="currentColor"
    strokeWidth="1.8"
    aria-hidden="true"
  >
    <rect x="5" y="11" width="14" height="9" rx="2" />
    <path d="M8 11V8a4 4 0 0 1 8 0v3" />
  </svg>
)
