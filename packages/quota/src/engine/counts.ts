/** Counts since the start. */
export class Counts {
  allowed = 0;
  denied = 0;
  deniedFromMemory = 0;
  unavailable = 0;
  admittedWithoutStore = 0;
  lost = 0;
  reusedIds = 0;
  unpriced = 0;
  rehydrations = 0;
}
