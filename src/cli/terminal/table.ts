import { columnsOf } from "./text-width.ts";

/** A column of a table for people. */
export interface TableColumn {
	readonly title: string;
	/** One for each row. */
	readonly cells: readonly string[];
	/** Numbers, one below the other. */
	readonly alignRight?: boolean | undefined;
	/** Where the terminal is too narrow, columns with the highest number are left out first; those without never. */
	readonly dispensable?: number | undefined;
}

const GAP = "  ";

/**
 * Lays out a table, with its titles in the first line.
 *
 * @param width - Columns of the terminal; without one, all there is to show is shown.
 */
export function tableLines(columns: readonly TableColumn[], width: number | undefined): string[] {
	const shown = fitting(columns, width).map((column) => ({ ...column, width: widthOf(column) }));
	const rowCount = Math.max(0, ...columns.map(({ cells }) => cells.length));
	return Array.from({ length: rowCount + 1 }, (_, row) =>
		shown
			.map(({ title, cells, alignRight, width: wide }) => {
				const text = row === 0 ? title : (cells[row - 1] ?? "");
				const padding = " ".repeat(wide - columnsOf(text));
				return alignRight === true ? padding + text : text + padding;
			})
			.join(GAP)
			.trimEnd(),
	);
}

function fitting(columns: readonly TableColumn[], width: number | undefined): readonly TableColumn[] {
	const total = columns.reduce((sum, column) => sum + widthOf(column) + GAP.length, -GAP.length);
	if (width === undefined || total <= width) return columns;
	const last = Math.max(...columns.map(({ dispensable = 0 }) => dispensable));
	if (last === 0) return columns;
	return fitting(
		columns.filter(({ dispensable = 0 }) => dispensable !== last),
		width,
	);
}

function widthOf({ title, cells }: TableColumn): number {
	return cells.reduce((widest, cell) => Math.max(widest, columnsOf(cell)), columnsOf(title));
}
