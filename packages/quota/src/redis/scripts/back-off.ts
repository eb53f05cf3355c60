import { maxAmount } from '../../store/max-amount';

/**
 * Counts `amount` failures of the limit at `to`, `at` and closes the door. Twice as long for each failure beyond those
 * that are free; what was long enough ago is forgotten.
 */
export const backOff = `
        local longest, failures = c[to + 3] + 0, s[at + 1]
        if now >= s[at] + longest then failures = 0 end
        failures = math.min(failures + amount, ${maxAmount})
        local wait = 0
        if failures > cap then
          wait = first * 2 ^ math.min(failures - cap - 1, 60)
          if wait > longest then wait = longest end
        end
        s[at], s[at + 1], s[at + 2] = now + wait, failures, now + wait + longest`;
