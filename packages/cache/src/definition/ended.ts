/**
 * The reason with which a wait is called off that nobody needs any more. Made once: without a reason `abort` makes an
 * exception each time, whose stack costs more than a hit in memory.
 */
export const ended = /* @__PURE__ */ new DOMException('It has ended', 'AbortError');
