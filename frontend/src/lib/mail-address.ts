// The mail address as it was last typed in this tab, so that nobody is asked for it twice.
import * as v from 'valibot'

import { stored } from '@/lib/storage'

export const mailAddress = stored('mail-address', v.pipe(v.string(), v.maxLength(254)), 'session')
