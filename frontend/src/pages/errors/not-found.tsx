// An address that nothing stands behind.
import { problems } from '@messages/problems'
import { href } from '@/routes'
import { buttonLook, LinkButton } from '@/ui/button'
import { Page } from '@/ui/page'

const say = problems.notFound

export default function NotFound() {
  return (
    <Page title={say.title} width="narrow">
      <div className="grid gap-4">
        <h1 className="text-3xl font-semibold">{say.title}</h1>
        <p className="text-muted">{say.text}</p>
        <p className="flex flex-wrap gap-3">
          <a href={href.home} className={buttonLook()}>
            {say.home}
          </a>
          <LinkButton to={href.quiz()} variant="secondary">
            {say.quiz}
          </LinkButton>
        </p>
      </div>
    </Page>
  )
}
