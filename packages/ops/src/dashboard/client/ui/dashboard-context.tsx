import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Store } from '../store';

export interface Dashboard {
  /** The path that it is mounted at: `/ops`. */
  readonly base: string;
  readonly store: Store;
}

export const DashboardContext = createContext<Dashboard | undefined>(undefined);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (!dashboard) throw new Error('No dashboard is around this component');
  return dashboard;
}
