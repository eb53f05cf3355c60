import type { ProblemTypes } from '@unite/problem';

/** Every kind of problem that this application answers with; /errors is made of these. */
export const problemTypes = {
  validation: {
    status: 400,
    title: 'Validation Error',
    description: 'A field is missing or malformed. Nothing was saved.',
    fix: 'Each entry of `errors` names a field and says what it needs. Correct them and send the request again.',
    example: {
      detail: 'Email field is required',
      instance: '/api/contacts',
      errors: [{ field: 'email', message: 'Required' }],
    },
  },
  'sign-in-required': {
    status: 401,
    title: 'Sign-in required',
    description: 'The request carries no session, or one that has expired.',
    fix: 'Sign in on the start page, then try again.',
  },
  'sign-in-not-set-up': {
    status: 501,
    title: 'Sign-in is not set up',
    description: 'This installation has no identity provider.',
    fix: 'Start it with `OIDC_ISSUER`; `npm start` brings a provider for the demo along.',
  },
  'demo-only': {
    status: 403,
    title: 'In a demo only',
    description: 'People are picked without a password in a demo alone.',
    fix: 'Sign in by the identity provider.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed for your role',
    description: 'Your role in this workspace does not include this action.',
    fix: 'Ask an owner of the workspace to do it, or to change your role.',
  },
  'contact-not-found': {
    status: 404,
    title: 'Contact not found',
    description: 'No contact of this workspace has that id. It may have been deleted.',
    fix: 'Go back to the list and search for it.',
  },
  'campaign-not-found': {
    status: 404,
    title: 'Campaign not found',
    description: 'No campaign of this workspace has that id.',
    fix: 'Go back to the list of campaigns.',
  },
  'campaign-already-sending': {
    status: 409,
    title: 'Campaign is sent already',
    description: 'It is on its way, or has gone out. It goes out once, so nothing was started.',
    fix: 'Look at its progress. To write to the same people again, create another campaign.',
    example: {
      detail: 'This campaign is on its way already.',
      instance: '/api/campaigns/4f1c6c5e-8f0e-4f6a-9d53-0a8a4c1d2e3f/send',
    },
  },
  'trace-not-found': {
    status: 404,
    title: 'Trace not found',
    description: 'This process has no trace of your workspace with that id.',
    fix: 'It may have been served by another process, not been kept, or made room for newer ones. Open the list of traces.',
  },
  'drills-off': {
    status: 403,
    title: 'Drills are off',
    description: 'This installation breaks nothing on purpose.',
    fix: 'Start the demo with `npm start`: there a server can be killed, and an error asked for.',
  },
  'drill-not-found': {
    status: 404,
    title: 'Drill not found',
    description: 'There is no drill of that name, or no server here that it could break.',
    fix: 'Choose one of those that `GET /api/drills` lists.',
  },
  'drill-running': {
    status: 409,
    title: 'A drill is running',
    description: 'One server is broken at a time, so that it is plain what a screen shows.',
    fix: 'Restore what is broken, or wait a minute: it is mended by itself.',
  },
  'drill-failed': {
    status: 502,
    title: 'The drill did not work',
    description: 'The server was not broken, or not mended, as was asked.',
    fix: 'Look at what `npm start` printed. A server that is broken is mended by itself after a minute.',
  },
  'person-not-found': {
    status: 404,
    title: 'Person not found',
    description: 'Nobody with that id may sign in.',
    fix: 'Choose one of the people on the start page.',
  },
  'contact-exists': {
    status: 409,
    title: 'Contact exists already',
    description: 'Another contact of this workspace has the same e-mail address.',
    fix: 'Edit that contact, or use another address.',
  },
  'contact-changed': {
    status: 412,
    title: 'Contact was changed meanwhile',
    description:
      'Somebody saved this contact after you had opened it. Your version was not saved over theirs.',
    fix: 'Load the contact again, look at what changed, and save once more.',
  },
  'custom-field-not-found': {
    status: 404,
    title: 'Field not found',
    description: 'No custom field of this workspace has that id. It may have been deleted.',
    fix: 'Look at the list of fields.',
  },
  'custom-field-exists': {
    status: 409,
    title: 'Field exists already',
    description:
      'Another custom field of this workspace has the same label. Labels name the columns of an import.',
    fix: 'Use that field, or another label.',
  },
  'scoring-not-set-up': {
    status: 501,
    title: 'Scoring is not set up',
    description: 'This installation has no model that scores contacts. Nothing was charged.',
    fix: 'Start it with `OPENAI_BASE_URL` or `OPENAI_API_KEY`; `npm start` brings a scorer along.',
  },
  'scoring-failed': {
    status: 502,
    title: 'The contact was not scored',
    description: 'The model did not answer, or said nothing that is a score. Nothing was charged.',
    fix: 'Try again in a moment.',
  },
} as const satisfies ProblemTypes;
