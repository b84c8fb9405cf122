import { DATA_SETS } from "./data.mjs";
import { machineLine } from "./machine.mjs";
import { rangeTable } from "./range.mjs";
import { pairedRatio, summarise } from "./statistics.mjs";
import { BARS, MEMORY_BAR, WORKS } from "./works.mjs";

const MIB = 1024;
/** The works whose seconds README shows; of the others it shows ratios. */
const TABLE = ["random-upload", "varied-upload", "text-upload"];

/** The whole report, for a terminal. */
export function formatReport({ machine, scale, works }) {
	const lines = [machineLine(machine)];
	if (!machine.quiet) lines.push("WARNING: the machine was not quiet; trust CPU and ratios, not wall times");
	if (scale !== 1) lines.push(`WARNING: data of ${scale} times the size; what it takes to start weighs more`);
	for (const [name, peers] of Object.entries(works)) lines.push("", ...formatWork(name, peers));
	return [...lines, ...formatRange(works), "", ...formatBars(works, scale)].join("\n");
}

function formatRange(works) {
	const table = rangeTable(works, WORKS);
	if (table === undefined) return [];
	const { head, rows, range } = table;
	return ["", "zipferry by kind of data: wall (CPU)", ...align([["kind", ...head], ...rows, range])];
}

function formatWork(name, peers) {
	const { title, reference } = WORKS[name];
	const rounds = Math.max(0, ...Object.values(peers).map(({ runs }) => runs?.length ?? 0));
	const head = ["peer", "wall s", "min-max", "CPU s", "peak MiB", "size", "wall ÷", "CPU ÷"];
	const rows = Object.entries(peers).map(([peer, result]) => [peer, ...cells(result, peers[reference])]);
	return [`${title} (${name}; ÷ ${reference}; ${rounds} rounds)`, ...align([head, ...rows])];
}

function cells(result, reference) {
	if (result.skipped !== undefined) return [`skipped: ${result.skipped}`];
	if (result.failure !== undefined) return [`FAILED: ${result.failure}`];
	if (result.runs.length === 0) return ["no time left"];
	const { wall, fastest, slowest, cpu, rss } = summarise(result.runs);
	return [
		seconds(wall),
		`${seconds(fastest)}-${seconds(slowest)}`,
		seconds(cpu),
		rss === undefined ? "?" : (rss / MIB).toFixed(0),
		result.bytes?.toLocaleString("en") ?? "?",
		ratio(pairedRatio(result, reference, "wall")),
		ratio(pairedRatio(result, reference, "cpu")),
	];
}

/** The bars, each met or not; it is for the reader to draw conclusions. */
export function formatBars(works, scale) {
	const rows = BARS.filter(({ work }) => works[work] !== undefined).map((bar) => {
		const value = pairedRatio(works[bar.work].zipferry, works[bar.work][bar.reference], bar.metric);
		return [
			bar.work,
			`${bar.metric} ÷ ${bar.reference}`,
			ratio(value),
			`≤ ${bar.atMost}`,
			verdict(value, bar.atMost),
		];
	});
	const peak = peakMemory(works);
	if (peak !== undefined) {
		rows.push(["all", "peak MiB of zipferry", peak.toFixed(0), `≤ ${MEMORY_BAR}`, verdict(peak, MEMORY_BAR)]);
	}
	const title = scale === 1 ? "bars" : "bars, for what they are worth at this scale";
	return [title, ...align(rows)];
}

function peakMemory(works) {
	const peaks = Object.values(works).flatMap(({ zipferry }) => zipferry?.runs ?? []);
	const known = peaks.map(({ rssKib }) => rssKib).filter((rss) => rss !== undefined);
	return known.length === 0 ? undefined : Math.max(...known) / MIB;
}

/** README's tables: wall seconds, and in brackets peak MiB; the ratios by kind of data. */
export function formatMarkdown({ machine, works }) {
	const names = Object.keys(works).filter((name) => TABLE.includes(name));
	const peers = [...new Set(names.flatMap((name) => Object.keys(works[name])))];
	const cell = (result) => {
		if (!result?.runs?.length) return "–";
		const { wall, rss } = summarise(result.runs);
		return `${seconds(wall)} s${rss === undefined ? "" : ` (${(rss / MIB).toFixed(0)})`}`;
	};
	const rows = peers
		.map((peer) => [
			peer === "zipferry" ? "**zipferry**" : peer,
			...names.map((name) => cell(works[name][peer])),
		])
		.filter((row) => row.slice(1).some((value) => value !== "–"));
	const tables = [];
	if (names.length > 0) {
		const head = ["median wall time (peak MiB)", ...names.map((name) => WORKS[name].title)];
		tables.push(markdownTable(head, rows), "");
	}
	const range = rangeTable(works, WORKS);
	if (range !== undefined) {
		const titled = range.rows.map(([kind, ...cells]) => [kindTitle(kind), ...cells]);
		const bold = range.range.map((value) => `**${value}**`);
		tables.push(markdownTable(["wall time (processor time)", ...range.head], [...titled, bold]), "");
	}
	return [...tables, `On ${machineLine(machine)}.`].join("\n");
}

function markdownTable(head, rows) {
	const line = (values) => `| ${values.map((value) => value.replaceAll("|", "\\|")).join(" | ")} |`;
	return [head, head.map(() => "---"), ...rows].map(line).join("\n");
}

/** What the kind is made of, without what is done with it. */
function kindTitle(kind) {
	const { data, method } = Object.values(WORKS).find((work) => work.kind === kind);
	return `${DATA_SETS[data].title}${method === "store" ? ", STORE" : ""}`;
}

function verdict(value, atMost) {
	if (value === undefined) return "not measured";
	return value <= atMost ? "met" : "NOT MET";
}

function seconds(milliseconds) {
	return (milliseconds / 1000).toFixed(2);
}

function ratio(value) {
	return value === undefined ? "–" : value.toFixed(2);
}

/** Pads the cells of a table; rows that end early do not widen a column. */
export function align(rows) {
	const columns = Math.max(...rows.map(({ length }) => length));
	const full = rows.filter(({ length }) => length === columns);
	const width = (column) => Math.max(...full.map((row) => row[column].length), column === 0 ? 20 : 0);
	return rows.map((row) =>
		`  ${row.map((value, column) => value.padEnd(width(column))).join("  ")}`.trimEnd(),
	);
}
