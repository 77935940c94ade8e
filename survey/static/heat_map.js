// Arrow keys move from cell to cell of a heat map, and a line below says what the cell holds. The table reads without it.
const table = document.querySelector("[data-heat]");

const start = () => {
  const rows = [...table.rows].map((row) => [...row.cells]);
  const heads = rows[0];
  const reading = document.querySelector("[data-reading]");
  let at = [0, 0];

  const cellAt = (row, column) => rows[row][Math.min(column, rows[row].length - 1)];
  const says = (row, column) => {
    const cell = cellAt(row, column);
    const name = rows[row][0].querySelector("a")?.textContent ?? "";
    if (row === 0 || cell === rows[row][0]) return name;
    const head = cell.colSpan > 1 ? "" : heads[column].textContent;
    return [name, head, cell.textContent.replace(/[▲▼]/g, "").replace(/\s+/g, " ").trim()].filter(Boolean).join(" · ");
  };
  const tell = (row, column) => {
    reading.hidden = false;
    reading.textContent = says(row, column);
  };
  const move = (row, column) => {
    cellAt(...at).tabIndex = -1;
    at = [Math.max(0, Math.min(rows.length - 1, row)), Math.max(0, Math.min(heads.length - 1, column))];
    const cell = cellAt(...at);
    cell.tabIndex = 0;
    cell.focus();
    tell(...at);
  };
  const STEPS = {
    ArrowUp: ([row, column]) => [row - 1, column],
    ArrowDown: ([row, column]) => [row + 1, column],
    ArrowLeft: ([row, column]) => [row, column - 1],
    ArrowRight: ([row, column]) => [row, column + 1],
    PageUp: ([row, column]) => [row - 10, column],
    PageDown: ([row, column]) => [row + 10, column],
    Home: ([row], all) => [all ? 0 : row, 0],
    End: ([row], all) => [all ? rows.length - 1 : row, heads.length - 1],
  };

  table.setAttribute("role", "grid");
  for (const cell of rows.flat()) cell.tabIndex = -1;
  cellAt(...at).tabIndex = 0;
  table.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (event.key === "Enter" && event.target.matches("th")) event.target.querySelector("a")?.click();
    if (!step || event.altKey || event.metaKey) return;
    event.preventDefault();
    move(...step(at, event.ctrlKey));
  });
  const find = (cell) => {
    const row = rows.findIndex((each) => each.includes(cell));
    return row < 0 ? null : [row, rows[row].indexOf(cell)];
  };
  table.addEventListener("focusin", (event) => {
    const found = find(event.target.closest("th, td"));
    if (!found || event.target.matches("a")) return;
    cellAt(...at).tabIndex = -1;
    at = found;
    cellAt(...at).tabIndex = 0;
    tell(...at);
  });
  table.addEventListener("pointerover", (event) => {
    const found = find(event.target.closest("th, td"));
    if (found) tell(...found);
  });
};

if (table) start();
