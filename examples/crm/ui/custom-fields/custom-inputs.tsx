import type { CustomField, CustomValues } from '@/lib/custom-fields/custom-field-types';
import { type ControlProps, Field } from '../form/field';
import type { Fields } from '../form/use-problem-form';

const prefix = 'custom.';

/** The workspace's own fields, in the form of a contact. */
export function CustomInputs({
  fields,
  values = {},
  errorOf,
}: {
  readonly fields: readonly CustomField[];
  readonly values?: CustomValues | undefined;
  readonly errorOf: (field: string) => string | undefined;
}) {
  return fields.map((field) => {
    const name = prefix + field.id;
    return (
      <Field key={field.id} label={field.label} name={name} error={errorOf(name)}>
        {(control) => <CustomInput control={control} field={field} value={values[field.id]} />}
      </Field>
    );
  });
}

/** What the form says of them, as the API takes it. */
export function customFrom(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value] as const] : [],
    ),
  );
}

function CustomInput({
  control,
  field: { kind, options },
  value = '',
}: {
  readonly control: ControlProps;
  readonly field: CustomField;
  readonly value: string | number | undefined;
}) {
  switch (kind) {
    case 'choice':
      return (
        <select {...control} defaultValue={value}>
          <option value="">–</option>
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      );
    case 'date':
      return <input {...control} type="date" defaultValue={value} />;
    case 'number':
      return <input {...control} inputMode="decimal" autoComplete="off" defaultValue={value} />;
    case 'text':
      return <input {...control} autoComplete="off" defaultValue={value} />;
  }
}
