import { formatNumber } from "../../bytes/units.ts";
import { html, type Markup, type Piece } from "../../markup/markup.ts";
import type { ReportedArchive, ReportFacts } from "./report-facts.ts";
import { countWords, durationWords, type ReportWords, sizeWords } from "./report-words.ts";

/** As many rows are shown without asking for them. */
const MOST_OPEN = 40;

interface Column {
	readonly title: string;
	readonly isNumber?: boolean;
	/** Nothing where it is not known. */
	readonly cell: (archive: ReportedArchive, words: ReportWords) => Piece;
}

const COLUMNS: readonly Column[] = [
	{ title: "Size", isNumber: true, cell: ({ size }) => sizeWords(size) },
	{ title: "Entries", isNumber: true, cell: ({ entryCount }) => entryCount && formatNumber(entryCount) },
	{ title: "Took", isNumber: true, cell: ({ elapsedMs }) => elapsedMs && durationWords(elapsedMs) },
	{
		title: "Last full",
		cell: ({ fullStarted }, words) => fullStarted && words.day(fullStarted).toString(),
	},
	{
		title: "Verified",
		cell: ({ verified, time }, words) =>
			verified && `${verified.level}${dayUnlike(time, verified.at, words)}`,
	},
	{
		title: "Drill",
		cell: ({ drill, time }, words) =>
			drill &&
			html`<span class="${drill.ok ? "good" : "bad"}">${drill.ok ? "passed" : "failed"}</span>${dayUnlike(time, drill.at, words)}`,
	},
	{
		title: "Kept by",
		cell: ({ keptBy }) =>
			keptBy &&
			(keptBy.length === 0 ? html`<em>goes next</em>` : html`<span class="long">${keptBy.join(", ")}</span>`),
	},
	{
		title: "Locked until",
		cell: ({ lockedUntil }, words) => lockedUntil && words.day(lockedUntil).toString(),
	},
];

/**
 * All archives, newest first. A column that says nothing of any is left out. Narrow screens show each row as a block; the roles keep it a
 * table for screen readers.
 */
export function archiveTable({ archives }: ReportFacts, words: ReportWords): Markup {
	const columns = COLUMNS.filter(({ cell }) =>
		archives.some((archive) => cell(archive, words) !== undefined),
	);
	return html`<section aria-labelledby="archives">
<h2 id="archives">Archives</h2>
<details${archives.length > MOST_OPEN ? undefined : html` open`}><summary>${countWords(archives.length, "archive")}, newest first</summary>
<table class="archives" role="table">
<thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Time</th>${columns.map(({ title, isNumber }) => html`<th role="columnheader" scope="col"${isNumber === true ? html` class="number"` : undefined}>${title}</th>`)}</tr></thead>
<tbody role="rowgroup">${archives.toReversed().map(row)}</tbody>
</table></details>
</section>`;

	function row(archive: ReportedArchive): Markup {
		return html`<tr role="row"><th role="rowheader" scope="row">${words.minute(archive.time)}<code>${archive.key}</code></th>${columns.map(({ title, isNumber, cell }) => html`<td role="cell" data-title="${title}"${isNumber === true ? html` class="number"` : undefined}>${cell(archive, words) ?? "–"}</td>`)}</tr>
`;
	}
}

/** The day on which something became known, if it is another one than that of the archive. */
function dayUnlike(time: Date, at: string, words: ReportWords): string {
	const day = words.day(new Date(at));
	return day.equals(words.day(time)) ? "" : `, ${day}`;
}
