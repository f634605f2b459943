// Starts the app in its document. The page's code is asked for at once, while React still starts.
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'

import { App, arrive } from '@/app'
import { reloadOnceWhenDeployed } from '@/lib/deployed'
import { bufferEarlyErrors, reportWhenIdle } from '@/lib/telemetry'

import './styles/app.css'

bufferEarlyErrors()
reloadOnceWhenDeployed()

const root = document.getElementById('root')
if (!root) throw new Error('the document has no #root')
const app = createRoot(root)
// Where it does not come, the app asks once more and then says so.
void arrive(window.location.pathname)
  .catch(() => {})
  .then(() =>
    app.render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  )
reportWhenIdle()
