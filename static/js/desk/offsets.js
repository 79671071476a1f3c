// Between the browser's places in the text and the server's. The server counts code points, and every segment of
// the text says in data-start where it begins; so only the characters of one segment are ever counted here.

const length = (words) => [...words].length;

const segmentsOf = (text) => [...text.querySelectorAll("[data-start]")];

// Where a range begins and ends in a segment's own characters, in UTF-16 units; never between two halves of one.
function within(range, segment) {
  const node = segment.firstChild;
  const whole = (offset) => (/[\udc00-\udfff]/.test(node.data[offset] ?? "") ? offset - 1 : offset);
  const at = (container, offset, otherwise) => {
    if (container === node) return whole(offset);
    if (container === segment) return offset ? node.length : 0;
    return otherwise;
  };
  return [
    at(range.startContainer, range.startOffset, 0),
    at(range.endContainer, range.endOffset, node.length),
  ];
}

// The words of a range, with their start and end in code points; nothing where it holds none of the text.
export function wordsOf(range, text) {
  let start = null;
  let exact = "";
  let paragraph = null;
  for (const segment of segmentsOf(text)) {
    if (!segment.firstChild || !range.intersectsNode(segment)) continue;
    const [from, to] = within(range, segment);
    if (from >= to) continue;
    const { data } = segment.firstChild;
    const its = segment.closest("[data-paragraph]");
    start ??= Number(segment.dataset.start) + length(data.slice(0, from));
    exact += (paragraph && its !== paragraph ? "\n\n" : "") + data.slice(from, to);
    paragraph = its;
  }
  if (!exact.trim()) return null;
  start += length(exact) - length(exact.trimStart());
  exact = exact.trim();
  return { start, end: start + length(exact), exact };
}

// The pieces of the text from start to end, in code points, as ranges, one a segment.
export function rangesOf(start, end, text) {
  const ranges = [];
  for (const segment of segmentsOf(text)) {
    const node = segment.firstChild;
    const begins = Number(segment.dataset.start);
    if (!node || begins >= end) continue;
    const characters = [...node.data];
    const from = Math.max(0, start - begins);
    const to = Math.min(characters.length, end - begins);
    if (from >= to) continue;
    const range = document.createRange();
    range.setStart(node, characters.slice(0, from).join("").length);
    range.setEnd(node, characters.slice(0, to).join("").length);
    ranges.push(range);
  }
  return ranges;
}
