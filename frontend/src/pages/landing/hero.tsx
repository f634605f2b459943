// The first screen: the promise, the one thing to do, and a piece of a report beside it.
import { landing as say } from '@messages/landing'
import { OptionCard } from '@/pages/landing/option-card'
import { href } from '@/routes'
import { buttonLook } from '@/ui/button'

export const Hero = () => (
  <div className="frame grid items-center gap-12 py-12 sm:py-16 lg:grid-cols-[1.1fr_1fr] lg:gap-16 lg:py-20">
    <div className="grid gap-6">
      <h1 className="text-4xl leading-tight font-semibold sm:text-5xl sm:leading-[1.1]">{say.hero.title}</h1>
      <p className="max-w-[34rem] text-lg text-muted">{say.hero.lead}</p>
      <p className="no-print flex flex-wrap gap-3">
        <StartLink />
        <a href={href.sample} className={buttonLook({ variant: 'secondary', size: 'large' })}>
          {say.hero.sample}
        </a>
      </p>
      <ul className="grid gap-2 text-muted">
        {say.hero.facts.map((fact) => (
          <Fact key={fact}>{fact}</Fact>
        ))}
        <Fact>
          <span data-price={say.hero.priceKnown}>{say.hero.price}</span>
        </Fact>
      </ul>
    </div>
    <OptionCard />
  </div>
)

/** The page's one thing to do. */
export const StartLink = () => (
  <a href={href.quiz()} className={buttonLook({ size: 'large' })}>
    {say.hero.start}
  </a>
)

const Fact = ({ children }: { children: React.ReactNode }) => (
  <li className="flex items-start gap-2.5">
    <svg
      viewBox="0 0 24 24"
      className="mt-0.5 size-5 shrink-0 text-good"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d="m5 12.5 4.5 4.5L19 7.5" />
    </svg>
    {children}
  </li>
)
