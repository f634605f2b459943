// The pages without a framework, each with its address, its file and what search engines and link previews show.
import type { ComponentType } from 'react'

import { landing } from '@messages/landing'
import { legal } from '@messages/legal'
import { IMPRINT } from '@/pages/landing/frame'
import { Landing } from '@/pages/landing/landing'
import { Imprint, Privacy, Terms } from '@/pages/legal/legal'
import { href } from '@/routes'

export interface StaticPage {
  path: string
  file: string
  title: string
  description: string
  Content: ComponentType
}

export const staticPages: readonly StaticPage[] = [
  { path: href.home, file: 'index.html', ...landing.meta, Content: Landing },
  { path: href.privacy, file: 'privacy.html', ...legal.privacy.meta, Content: Privacy },
  { path: href.terms, file: 'terms.html', ...legal.terms.meta, Content: Terms },
  { path: IMPRINT, file: 'imprint.html', ...legal.imprint.meta, Content: Imprint },
]
