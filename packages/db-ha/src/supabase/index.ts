export { supabaseNodes } from './supabase-nodes';
export type * from './types';
