/** Stands for every label value, route or row over a cap. */
export const overflow = '__overflow__';
