// The link opens nothing: what helps, and no hint whether there is such a report.
import { reportStates } from '@messages/report-states'
import { href } from '@/routes'
import { buttonLook, LinkButton } from '@/ui/button'
import { Page } from '@/ui/page'

const say = reportStates.denied

export default function Denied() {
  return (
    <Page title={say.title} width="narrow">
      <div className="grid gap-6">
        <h1 className="text-3xl font-semibold">{say.title}</h1>
        <p className="text-lg text-muted">{say.text}</p>
        <section aria-labelledby="helps" className="grid gap-3">
          <h2 id="helps" className="text-xl font-semibold">
            {say.stepsTitle}
          </h2>
          <ol className="grid list-decimal gap-2 pl-6">
            {say.steps.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </section>
        <p className="flex flex-wrap gap-3">
          <LinkButton to={href.sample}>{say.sample}</LinkButton>
          <a href={href.home} className={buttonLook({ variant: 'secondary' })}>
            {say.home}
          </a>
        </p>
      </div>
    </Page>
  )
}
