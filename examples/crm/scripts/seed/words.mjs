const words = (text) => text.trim().split(/\s+/);

export const firstNames = words(`
  Amara Noah Ines Mateo Yuki Leila Oscar Priya Jonas Sofia Kwame Elena Tariq Maya Lukas Chiara Dmitri Zoe Hassan
  Freya Rafael Nadia Theo Aisha Emil Camila Arjun Hanna Malik Greta Diego Salma Viktor Linh Felix Adaeze Bruno
  Mina Samuel Ottilie Kenji Rosa Idris Klara Pablo Anouk Ravi Signe Omar Beatriz Tomas Wanjiru Nils Fatima Hugo
  Sanna Javier Thandi Milo Ingrid Yusuf Carmen Anton Meera Elias Paloma Kofi Astrid Marco Laila Simon Daria
`);

export const lastNames = words(`
  Okafor Lindgren Moreau Tanaka Haddad Kovac Silva Nakamura Adeyemi Bergström Castillo Novak Rahman Fischer Rossi
  Mbeki Larsen Petrov Oliveira Nguyen Hoffmann Mensah Dubois Iyer Santos Eriksen Malik Weber Ferrari Osei Jansen
  Romero Kaya Laurent Popescu Sato Andersson Diallo Brandt Vargas Kowalski Marino Chen Abebe Lehmann Costa Halvorsen
  Rao Fontaine Mwangi Schmid Ortega Virtanen Banda Keller Reyes Demir Nilsen Conti Farouk Hansen Pereira Vogel Ibrahim
  Sørensen Marchetti Delgado Aalto Chukwu Zimmermann Ramos Patel
`);

const companyFirstWords = words(`
  Alder Basalt Brightwater Cedar Clearfell Cobalt Driftwood Elmhurst Emberline Fernhill Fieldstone Foxglove Granite
  Greymoor Halcyon Hazel Highmark Inlet Ironbridge Juniper Kestrel Larkspur Ledgerline Linden Longacre Marlow Meadow
  Millrace Northgate Oakhaven Opaline Orchard Pinnacle Plover Quarry Redfern Ridgeway Rowan Saltmarsh Sandpiper
  Silverbirch Slate Stillwater Summit Tamarack Thistle Tidewater Umber Vantage Waypoint Westerly Wren Yarrow
`);
const companySecondWords = words(`
  Logistics Labs Foods Energy Media Textiles Robotics Health Partners Systems Studios Instruments Marine Capital
  Networks Materials Travel Education Analytics Interiors
`);

/** Every pair once: 1,060 companies. */
export const companies = companyFirstWords.flatMap((first) =>
  companySecondWords.map((second) => `${first} ${second}`),
);

export const jobTitles = [
  'Head of Operations',
  'Procurement Lead',
  'Finance Director',
  'Product Manager',
  'Chief Technology Officer',
  'Office Manager',
  'Marketing Director',
  'Sales Engineer',
  'Founder',
  'Data Analyst',
  'Customer Success Lead',
  'Supply Chain Manager',
  'Engineering Manager',
  'HR Business Partner',
  'Managing Director',
  'Project Coordinator',
  'IT Administrator',
  'Brand Strategist',
  'Account Executive',
  'Research Scientist',
  'Security Officer',
];

export const stageShares = [
  ['lead', 34],
  ['contacted', 24],
  ['qualified', 17],
  ['customer', 18],
  ['lost', 7],
];

export const notes = [
  '',
  '',
  '',
  '',
  '',
  'Met at the spring trade fair. Asked for a walkthrough with their team.',
  'Prefers e-mail over calls. Decision expected next quarter.',
  'Evaluating two other vendors; security review is the open point.',
  'Introduced by an existing customer. Wants annual billing.',
  'Asked for the export format documentation.',
];

export const campaignNames = [
  'Spring product update',
  'Win-back: quiet accounts',
  'Onboarding, week one',
  'Security webinar invitation',
  'Annual plan offer',
  'Customer council',
  'Feature launch: shared views',
  'Price change notice',
  'Year in review',
  'Referral programme',
  'Trial ends in three days',
  'Survey: how are we doing?',
];

export const campaignSubjects = [
  'What is new this month',
  'We saved your seat',
  'Three things to try first',
  'How we keep your data safe',
  'Two months on us',
  'Help us choose what comes next',
  'One view for the whole team',
  'What changes, and when',
  'Your year with us, in numbers',
  'Bring a colleague',
  'Keep what you have built',
  'Two minutes, four questions',
];
