// What the server tells the page at start: the same bundle runs in every environment.

export interface Config {
  /** Origin of the API; empty: the page's own origin. */
  apiBaseUrl: string
  environment: string
  release: string
  /** Empty: errors stay on this device. */
  sentryDsn: string
}

const DEFAULTS: Config = { apiBaseUrl: '', environment: 'development', release: 'local', sentryDsn: '' }

export const config: Config = read(document.getElementById('crb-config')?.textContent)

function read(text: string | null | undefined): Config {
  if (!text) return DEFAULTS
  const given: unknown = JSON.parse(text)
  if (typeof given !== 'object' || given === null) return DEFAULTS
  const entry = (name: keyof Config) => {
    const value: unknown = Reflect.get(given, name)
    return typeof value === 'string' ? value : DEFAULTS[name]
  }
  return {
    apiBaseUrl: entry('apiBaseUrl').replace(/\/$/, ''),
    environment: entry('environment'),
    release: entry('release'),
    sentryDsn: entry('sentryDsn'),
  }
}
