// A link from a mail that opens nothing: cut off, replaced, or older than what it led to.
import { PageState } from '@/pages/errors/page-state'
import { problems } from '@messages/problems'
import { href } from '@/routes'
import { buttonLook } from '@/ui/button'

const say = problems.expired

export const ExpiredLink = () => (
  <PageState
    title={say.title}
    text={say.text}
    actions={
      <a href={href.home} className={buttonLook()}>
        {say.home}
      </a>
    }
  />
)
