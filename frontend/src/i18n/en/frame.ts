// What stands around every page.
export const frame = {
  name: 'CRB Analyser',
  skip: 'Skip to the content',
  promise: 'Words by a model, every number by code.',
  legal: 'Help and legal',
  help: 'Help',
  privacy: 'Privacy',
  terms: 'Terms',
  imprint: 'Imprint',
  theme: { system: 'Theme: as the system says', light: 'Theme: light', dark: 'Theme: dark' },
  themeNow: (now: string) => `${now}. Change it`,
  close: 'Close',
  loading: 'Loading',
  copied: 'Copied',
}
