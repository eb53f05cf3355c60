/** Whether somebody has typed or chosen something that the form has not sent. @param given the form, or its id */
export function hasUnsavedChanges(given: string | HTMLFormElement): boolean {
  const form = typeof given === 'string' ? document.getElementById(given) : given;
  if (!(form instanceof HTMLFormElement)) return false;
  return [...form.elements].some((control) => {
    if (control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement)
      return control.value !== control.defaultValue;
    if (control instanceof HTMLSelectElement)
      return [...control.options].some((option) => option.selected !== option.defaultSelected);
    return false;
  });
}
