// The last net: a page that broke is reported and says so, instead of leaving a white window.
import { Component, type ReactNode } from 'react'

import { problems as say } from '@messages/problems'
import { captureError } from '@/lib/telemetry'
import { href } from '@/routes'
import { buttonLook } from '@/ui/button'
import { Page } from '@/ui/page'

export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidCatch(error: unknown) {
    captureError(error)
  }

  override render() {
    if (!this.state.failed) return this.props.children
    return (
      <Page title={say.broken.title} width="narrow">
        <div className="grid gap-4">
          <h1 className="text-3xl font-semibold">{say.broken.title}</h1>
          <p className="text-muted">{say.broken.text}</p>
          <p className="flex flex-wrap gap-3">
            <button type="button" className={buttonLook()} onClick={() => window.location.reload()}>
              {say.broken.reload}
            </button>
            <a href={href.home} className={buttonLook({ variant: 'secondary' })}>
              {say.broken.home}
            </a>
          </p>
        </div>
      </Page>
    )
  }
}
