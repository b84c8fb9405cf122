import type { Cell } from "./screen.ts";

/** What a screen shows from a moment on, in milliseconds from the beginning. */
export interface Frame {
	readonly atMs: number;
	readonly rows: readonly (readonly Cell[])[];
}

export interface FilmSettings {
	readonly columns: number;
	readonly rowCount: number;
	/** How long the last frame stays before the film begins again. */
	readonly holdMs: number;
	/** For those who cannot see it. */
	readonly title: string;
}

const CELL = { width: 8.4, height: 20 };
const MARGIN = 16;
const BAR = 28;
const COLOURS: Readonly<Record<string, string>> = {
	"1": "b",
	"2": "d",
	"31": "r",
	"32": "g",
	"33": "y",
	"36": "c",
};

/**
 * Draws frames as an SVG that moves by itself, in an image too. Without animations, or for those who want none,
 * it shows the last frame.
 *
 * @throws {Error} if a frame has more rows than the film.
 */
export function drawFilm(frames: readonly Frame[], settings: FilmSettings): string {
	const { columns, rowCount, holdMs, title } = settings;
	for (const { rows } of frames)
		if (rows.findLastIndex((row) => row.length > 0) >= rowCount) throw new Error("there are too many rows");
	const inner = { width: columns * CELL.width, height: rowCount * CELL.height };
	const width = Math.ceil(inner.width + 2 * MARGIN);
	const height = inner.height + BAR + MARGIN;
	const lines = new Map<string, string>();
	const drawn = frames.map(({ rows }, index) => drawFrame(rows, index * inner.height, lines));
	const durationMs = (frames.at(-1)?.atMs ?? 0) + holdMs;
	const steps = frames.map(({ atMs }, index) => {
		const share = ((atMs / durationMs) * 100).toFixed(2);
		return `${share}%{transform:translateY(${-index * inner.height}px)}`;
	});
	const last = (frames.length - 1) * inner.height;
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e6edf3;white-space:pre}
.b{font-weight:bold}.d{fill:#8b949e}.r{fill:#ff7b72}.g{fill:#7ee787}.y{fill:#e3b341}.c{fill:#79c0ff}
.film{animation:film ${(durationMs / 1000).toFixed(1)}s step-end infinite}
@media (prefers-reduced-motion:reduce){.film{animation:none}}
@keyframes film{${steps.join("")}}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#0d1117" stroke="#57606a"/>
<g fill="#57606a"><circle cx="18" cy="15" r="5"/><circle cx="34" cy="15" r="5"/><circle cx="50" cy="15" r="5"/></g>
<defs>
${[...lines].map(([line, id]) => `<g id="${id}">${line}</g>`).join("\n")}
<clipPath id="screen"><rect width="${inner.width}" height="${inner.height}"/></clipPath>
</defs>
<g transform="translate(${MARGIN} ${BAR})" clip-path="url(#screen)">
<g class="film" transform="translate(0 ${-last})">
${drawn.join("\n")}
</g>
</g>
</svg>
`;
}

/** @param lines - Those of all frames, each drawn once. */
function drawFrame(rows: Frame["rows"], top: number, lines: Map<string, string>): string {
	return rows
		.map((row, index) => {
			const line = drawRow(row);
			if (line === "") return "";
			const id = lines.get(line) ?? `l${lines.size}`;
			lines.set(line, id);
			return `<use href="#${id}" y="${top + index * CELL.height}"/>`;
		})
		.join("");
}

/** Runs of characters that look the same; a bar is drawn, as fonts have it in any height. */
function drawRow(row: readonly Cell[]): string {
	let drawn = "";
	for (let start = 0; start < row.length; ) {
		let end = start + 1;
		while (end < row.length && kindOf(row[end]) === kindOf(row[start])) end += 1;
		drawn += drawRun(row.slice(start, end), start);
		start = end;
	}
	return drawn;
}

function kindOf(cell: Cell | undefined): string {
	const { character = "", style = "" } = cell ?? {};
	return /[█░]/.test(character) ? character : `text ${style}`;
}

function drawRun(cells: readonly Cell[], column: number): string {
	const text = cells.map(({ character }) => character).join("");
	const [x, width] = [column, cells.length].map((count) => (count * CELL.width).toFixed(1));
	if (/^[█░]/.test(text)) {
		const opacity = text.startsWith("█") ? "" : ' opacity="0.25"';
		return `<rect x="${x}" y="3" width="${width}" height="14" fill="#7ee787"${opacity}/>`;
	}
	if (text.trim() === "") return "";
	const styles = (cells[0]?.style ?? "").split(";").flatMap((code) => COLOURS[code] ?? []);
	const look = styles.length === 0 ? "" : ` class="${styles.join(" ")}"`;
	return `<text x="${x}" y="15" textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${look}>${escaped(text)}</text>`;
}

function escaped(text: string): string {
	return text
		.replaceAll("&", "&amp;")
		.replaceAll("<", "&lt;")
		.replaceAll(">", "&gt;")
		.replaceAll('"', "&quot;");
}
