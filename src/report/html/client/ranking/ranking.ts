/** Makes the table of a ranking sortable and searchable. Without this, it is a table in the order of its ranks. */

const table = document.querySelector("table")!;
const body = table.tBodies[0];
const rows = [...body.rows];
const heads = [...table.tHead!.rows[0].cells];
const search = document.querySelector<HTMLInputElement>("#search")!;
const groups = [...document.querySelectorAll<HTMLButtonElement>("[data-group-filter]")];
const shown = document.querySelector("#shown")!;
const chosen = new Set<string>();

/** What a cell is sorted by: its number, else its text; nothing at all is last in both directions. */
function sortKey(row: HTMLTableRowElement, column: number): number | string | undefined {
  const { value } = row.cells[column].dataset;
  if (value === undefined || value === "") return undefined;
  return heads[column].dataset.numeric === undefined ? value.toLowerCase() : Number(value);
}

function sortBy(column: number, descending: boolean): void {
  const sorted = [...rows].sort((a, b) => {
    const [x, y] = [sortKey(a, column), sortKey(b, column)];
    if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
    const order = x < y ? -1 : x > y ? 1 : 0;
    return descending ? -order : order;
  });
  body.append(...sorted);
  for (const [i, head] of heads.entries()) {
    if (i === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

function filter(): void {
  const words = search.value.toLowerCase().split(/\s+/);
  let count = 0;
  for (const row of rows) {
    const text = row.textContent!.toLowerCase();
    const isWanted =
      (chosen.size === 0 || chosen.has(row.dataset.group!)) && words.every((word) => text.includes(word));
    row.hidden = !isWanted;
    if (isWanted) count++;
  }
  shown.textContent = count === rows.length ? "" : `${count} of ${rows.length} shown`;
}

for (const [column, head] of heads.entries()) {
  head.querySelector("button")?.addEventListener("click", () => {
    const before = head.getAttribute("aria-sort");
    // The most of something is what is looked for first; names and ranks begin at the begin.
    const first = head.dataset.first === "descending";
    sortBy(column, before === null ? first : before === "ascending");
  });
}
for (const button of groups) {
  button.addEventListener("click", () => {
    const group = button.dataset.groupFilter!;
    const isChosen = !chosen.delete(group);
    if (isChosen) chosen.add(group);
    button.setAttribute("aria-pressed", String(isChosen));
    filter();
  });
}
search.addEventListener("input", filter);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || document.activeElement === search) return;
  event.preventDefault();
  search.focus();
});
document.documentElement.className = "scripted";
// Browsers keep what was typed when a page is loaded again.
filter();
