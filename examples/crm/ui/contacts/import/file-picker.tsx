'use client';

import { useState } from 'react';
import { maxImportBytes } from '@/lib/contacts/import/import-types';
import { Field } from '../../form/field';

/** Reads a file of the person's own machine. */
export function FilePicker({ onText }: { readonly onText: (text: string) => void }) {
  const [error, setError] = useState<string>();

  async function read(file: File | undefined) {
    if (!file) return;
    if (file.size > maxImportBytes) {
      setError(
        `The file has ${(file.size / 1_000_000).toFixed(1)} MB; ${maxImportBytes / 1_000_000} MB at most`,
      );
      return;
    }
    setError(undefined);
    try {
      onText(await file.text());
    } catch {
      setError('The file cannot be read');
    }
  }

  return (
    <Field label="CSV file" name="file" error={error}>
      {({ name: _, ...control }) => (
        <input
          {...control}
          type="file"
          accept=".csv,.txt,.tsv,text/csv,text/plain"
          onChange={({ currentTarget: { files } }) => read(files?.[0])}
        />
      )}
    </Field>
  );
}
