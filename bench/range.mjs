import { pairedRatio } from "./statistics.mjs";

/** What zipferry is put beside, for every kind of data: the columns. */
const COLUMNS = [
	{ action: "create", reference: "zip" },
	{ action: "upload", reference: "zip | aws" },
	{ action: "upload", reference: "archiver" },
];
const METRICS = ["wall", "cpu"];

/**
 * The ratios by kind of data, and from the least to the most of all kinds: no kind speaks for the others.
 *
 * @param works - Results by the name of their work.
 * @param descriptions - What these works are; those without a `kind` are left out.
 * @returns `{ head, rows, range }` as text, nothing if there are less than two kinds.
 */
export function rangeTable(works, descriptions) {
	const measured = Object.keys(works).filter((name) => descriptions[name].kind !== undefined);
	const kinds = [...new Set(measured.map((name) => descriptions[name].kind))];
	const ratiosOf = (kind) =>
		COLUMNS.map(({ action, reference }) => {
			const name = measured.find(
				(work) => descriptions[work].kind === kind && descriptions[work].action === action,
			);
			return METRICS.map((metric) => pairedRatio(works[name]?.zipferry, works[name]?.[reference], metric));
		});
	const found = kinds
		.map((kind) => ({ kind, ratios: ratiosOf(kind) }))
		.filter(({ ratios }) => ratios.flat().some((ratio) => ratio !== undefined));
	if (found.length < 2) return undefined;
	return {
		head: COLUMNS.map(({ action, reference }) => `${action} ÷ ${reference}`),
		rows: found.map(({ kind, ratios }) => [kind, ...ratios.map(cell)]),
		range: ["range", ...COLUMNS.map((_, column) => extremes(found.map(({ ratios }) => ratios[column])))],
	};
}

function cell([wall, cpu]) {
	return wall === undefined ? "–" : `${wall.toFixed(2)} (${cpu.toFixed(2)})`;
}

function extremes(ratios) {
	const known = ratios.filter(([wall]) => wall !== undefined);
	if (known.length === 0) return "–";
	const [wall, cpu] = METRICS.map((_, metric) => {
		const values = known.map((ratio) => ratio[metric]);
		return `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
	});
	return `${wall} (${cpu})`;
}
