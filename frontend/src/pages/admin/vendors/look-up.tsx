// Looks a vendor's prices up on its own pages. What is found is proposed, and a person decides.
import type { VendorView } from '@/api/schema'
import { ApiProblem } from '@/api/problem'
import { catalogue } from '@messages/admin-catalogue'
import { isRefusal } from '@/pages/admin/ask'
import { useLookUp } from '@/pages/admin/vendors/changes'
import { href } from '@/routes'
import { Button } from '@/ui/button'
import { Dialog } from '@/ui/dialog'
import { TextLink } from '@/ui/page'
import { ProblemNotice } from '@/ui/problem-notice'

const say = catalogue.lookUp

export function LookUp({ vendor }: { vendor: VendorView }) {
  const look = useLookUp(vendor.slug)
  const isDone = (look.isSuccess || look.isError) && !isRefusal(look.error)
  // A conflict says that the installation cannot look anything up, not that somebody was faster.
  const cannot = look.error instanceof ApiProblem && (look.error.status === 409 || look.error.status === 503)
  return (
    <>
      <Button variant="secondary" size="small" busy={look.isPending} onClick={() => look.mutate()}>
        {say.open}
      </Button>
      <Dialog open={isDone} title={say.title(vendor.name)} onClose={() => look.reset()}>
        {look.isError &&
          (cannot ? (
            <ProblemNotice error={look.error} title={say.cannot} />
          ) : (
            <ProblemNotice error={look.error} onRetry={() => look.mutate()} busy={look.isPending} />
          ))}
        {look.data && (
          <>
            <p>{say.found(look.data.length)}</p>
            {look.data.length > 0 && (
              <p>
                <TextLink to={href.admin('proposals')}>{say.decide}</TextLink>
              </p>
            )}
          </>
        )}
      </Dialog>
    </>
  )
}
