/** The model of scripts/scorer.mjs. It costs nothing; its price is made up, so that there is something to count. */
export const demoModel = 'unite-demo-scorer';
