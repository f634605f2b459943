// All markup that is made at build time: the static pages, and the outline of each app page until its code is there.
import type { ComponentType } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'

import { Navigation } from '@/lib/navigation'
import { Preview } from '@/pages/landing/preview'
import { staticPages, type StaticPage } from '@/pages/landing/static-pages'
import { routes } from '@/routes'
import { shells } from './skeletons.tsx'

export { routes, shells, staticPages }

export const renderStatic = ({ Content }: StaticPage): string => renderToStaticMarkup(<Content />)

export const renderPreview = (): string => renderToStaticMarkup(<Preview />)

/** In the app's own frame, so that header and footer stay where they are when React takes over. */
export const renderSkeleton = (Skeleton: ComponentType): string =>
  renderToStaticMarkup(
    <Navigation>
      <Skeleton />
    </Navigation>,
  )
