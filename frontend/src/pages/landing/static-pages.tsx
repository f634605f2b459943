// The pages without a framework, each with its address, its file and what search engines and link previews show.
import type { ComponentType } from 'react'

import { landing } from '@messages/landing'
import { href } from '@/routes'
import { Landing } from '@/pages/landing/landing'

export interface StaticPage {
  path: string
  file: string
  title: string
  description: string
  Content: ComponentType
}

export const staticPages: readonly StaticPage[] = [
  { path: href.home, file: 'index.html', ...landing.meta, Content: Landing },
]
