// What happens after the button, in order, and what if it does not.
import { checkout } from '@messages/checkout'

const say = checkout.next

export const Next = () => (
  <section aria-labelledby="next" className="grid gap-4">
    <h2 id="next" className="text-xl font-semibold">
      {say.title}
    </h2>
    <ol className="grid gap-3">
      {say.steps.map((step, index) => (
        <li key={step} className="flex items-start gap-3">
          <span
            aria-hidden="true"
            className="figure grid size-7 shrink-0 place-items-center rounded-full bg-tint text-sm font-semibold text-accent"
          >
            {index + 1}
          </span>
          <span className="max-w-prose pt-0.5">{step}</span>
        </li>
      ))}
    </ol>
    <p className="max-w-prose text-muted">{say.refund}</p>
  </section>
)
