'use client';

/** The rows that were not taken, to put right in a spreadsheet and import again. */
export function DownloadRejected({ csv }: { readonly csv: string }) {
  function download() {
    // The mark tells spreadsheets that it is UTF-8.
    const url = URL.createObjectURL(new Blob(['\ufeff', csv], { type: 'text/csv' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'contacts-to-correct.csv';
    link.click();
    URL.revokeObjectURL(url);
  }
  return (
    <div>
      <button type="button" className="button" onClick={download}>
        Download the rows with errors
      </button>
    </div>
  );
}
