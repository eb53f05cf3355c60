/** What the business counts: a scrape has them, and each has a panel of the dashboards. */
export const businessMetrics = {
  contacts_created: { kind: 'counter', help: 'Contacts that people made', labels: ['plan'] },
  campaigns_sent: { kind: 'counter', help: 'Campaigns that went out', labels: ['plan'] },
  campaign_deliveries: {
    kind: 'counter',
    help: 'Contacts that campaigns went out to, or could not',
    labels: ['plan', 'outcome'],
  },
} as const;
