// Starts the app in its document. The page's code is asked for at once, while React still starts.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App } from '@/app'
import { reloadOnceWhenDeployed } from '@/lib/deployed'
import { bufferEarlyErrors, reportWhenIdle } from '@/lib/telemetry'

import './styles/app.css'

bufferEarlyErrors()
reloadOnceWhenDeployed()

const root = document.getElementById('root')
if (!root) throw new Error('the document has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
reportWhenIdle()
