import { isStorable } from '../is-storable';
import { type ContactStage, contactStages } from './contact-types';

// Read on the server and in the browser alike, so nothing here needs more than a few lines of script.

export const contactSorts = ['updated', 'name', 'company'] as const;

/** Which contacts, in which order, and which part of them. */
export interface ContactQuery {
  readonly q: string;
  readonly stage?: ContactStage | undefined;
  readonly sort: (typeof contactSorts)[number];
  readonly page: number;
  readonly pageSize: number;
}

export const maxQueryLength = 100;
export const maxPage = 10_000;
export const maxPageSize = 100;

/** The list that one gets without asking for another. */
export const firstPage: ContactQuery = { q: '', stage: undefined, sort: 'updated', page: 1, pageSize: 25 };

type Parameters = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The list that an address asks for. What an address says wrong falls back to the default. */
export function queryFromAddress(parameters: Parameters): ContactQuery {
  const text = (name: string) => {
    const value = parameters[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  const number = (name: 'page' | 'pageSize', max: number) => {
    const value = Number(text(name) || Number.NaN);
    return Number.isInteger(value) && value >= 1 && value <= max ? value : firstPage[name];
  };
  return {
    q: text('q').length <= maxQueryLength && isStorable(text('q')) ? text('q') : '',
    stage: contactStages.find((stage) => stage === text('stage')),
    sort: contactSorts.find((sort) => sort === text('sort')) ?? firstPage.sort,
    page: number('page', maxPage),
    pageSize: number('pageSize', maxPageSize),
  };
}

/** The address of a list, without what is the default anyway. */
export function listAddress(query: Partial<ContactQuery>): string {
  return `/contacts${searchOf(query)}`;
}

/** Where the API answers with that list. */
export function listApiAddress(query: ContactQuery): string {
  return `/api/contacts${searchOf(query)}`;
}

function searchOf(query: Partial<ContactQuery>): string {
  const parameters = new URLSearchParams();
  for (const name of ['q', 'stage', 'sort', 'page', 'pageSize'] as const) {
    const value = query[name];
    if (value !== undefined && value !== firstPage[name]) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}
