/**
 * A text in lines of about so many characters, broken between words.
 *
 * @param {string} content @param {number} width
 * @returns {string[]}
 */
export function wrapped(content, width) {
  const lines = [''];
  for (const word of content.split(' ')) {
    const line = [lines.at(-1), word].filter(Boolean).join(' ');
    if (line.length <= width || lines.at(-1) === '') lines[lines.length - 1] = line;
    else lines.push(word);
  }
  return lines;
}
