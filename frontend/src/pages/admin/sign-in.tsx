// The door: shown in place of whatever room was asked for, so that its address waits unchanged.

import { admin } from '@messages/admin'
import { useLocation } from '@/lib/navigation'
import { useOperator } from '@/pages/admin/operator'
import { TokenForm } from '@/pages/admin/token-form'
import { href } from '@/routes'
import { Page } from '@/ui/page'

const say = admin.signIn

export function SignIn() {
  const { refused } = useOperator()
  const { pathname } = useLocation()
  const waits = pathname.replace(/\/$/, '') !== href.admin()
  return (
    <Page title={say.title} width="narrow">
      <div className="grid gap-6">
        <h1 className="text-3xl font-semibold">{say.title}</h1>
        {refused && (
          <p role="alert" className="rounded-card border border-warn bg-warn-tint p-4">
            <strong className="text-warn">{say.ended}</strong> {waits && say.back}
          </p>
        )}
        <TokenForm />
        <details className="rounded-card border border-rule px-5 py-1">
          <summary className="py-2.5 font-medium">{say.how}</summary>
          <div className="grid gap-3 pb-4 text-muted">
            <p>{say.howText}</p>
            <pre className="overflow-x-auto rounded-lg bg-surface p-3 text-sm text-ink select-all">
              <code>{say.command}</code>
            </pre>
          </div>
        </details>
      </div>
    </Page>
  )
}
