import { html, type Markup } from "../../markup/markup.ts";
import { type BackupDay, type BackupMonth, backupMonths } from "./backup-days.ts";
import type { ReportFacts } from "./report-facts.ts";
import { countWords, monthWords, type ReportWords } from "./report-words.ts";

const MOST_MONTHS = 12;
/** Days of a month lie in a grid of so many pixels each, if the picture has its own size. */
const CELL = 14;

/** A calendar of the days with and without an archive, newest month first. */
export function calendarSection({ archives, now }: ReportFacts, words: ReportWords): Markup {
	const days = archives.map(({ time }) => words.day(time));
	const months = backupMonths(days, words.day(now), MOST_MONTHS).toReversed();
	const withoutCount = months.flatMap((month) => month.days).filter(({ count }) => count === 0).length;
	return html`<section aria-labelledby="days">
<h2 id="days">Days</h2>
<p>${withoutCount === 0 ? "Every day since the first one shown has an archive." : `${countWords(withoutCount, "day")} without an archive: no backup was made, or retention has removed it since.`}</p>
<div class="months">${months.map(monthFigure)}</div>
<p class="legend" aria-hidden="true"><i class="with"></i> archive <i class="without"></i> no archive</p>
<details><summary>The days as a table</summary>
<table><thead><tr><th scope="col">Month</th><th scope="col" class="number">Days with an archive</th><th scope="col">Days without</th></tr></thead>
<tbody>${months.map(monthRow)}</tbody></table>
</details>
</section>`;
}

function monthFigure({ month, days }: BackupMonth): Markup {
	const firstColumn = month.toPlainDate({ day: 1 }).dayOfWeek - 1; // weeks begin on Mondays (ISO 8601)
	const withCount = days.filter(({ count }) => count > 0).length;
	const spoken = `${monthWords(month)}: ${countWords(withCount, "day")} with an archive, ${days.length - withCount} without`;
	const rows = Math.ceil((firstColumn + month.daysInMonth) / 7);
	const known = new Map(days.map((day) => [day.date.day, day]));
	const cells = Array.from({ length: month.daysInMonth }, (_, index) =>
		cell(index + 1, known.get(index + 1)),
	);
	return html`<figure><figcaption>${monthWords(month)}</figcaption>
<svg viewBox="0 0 ${7 * CELL} ${rows * CELL}" role="img" aria-label="${spoken}">${cells}</svg></figure>`;

	/** A day before the first archive or after today has its number only. */
	function cell(number: number, day: BackupDay | undefined): Markup {
		const place = firstColumn + number - 1;
		const x = (place % 7) * CELL;
		const y = Math.floor(place / 7) * CELL;
		const text = html`<text x="${x + CELL / 2}" y="${y + CELL / 2 + 2.4}">${number}</text>`;
		if (day === undefined) return text;
		const { date, count } = day;
		const title = `${date}: ${count === 0 ? "no archive" : countWords(count, "archive")}`;
		const side = CELL - 1.5;
		return html`<g class="${count === 0 ? "without" : "with"}"><title>${title}</title><rect x="${x + 0.75}" y="${y + 0.75}" width="${side}" height="${side}" rx="2.5"/>${text}</g>`;
	}
}

function monthRow({ month, days }: BackupMonth): Markup {
	const without = days.filter(({ count }) => count === 0).map(({ date }) => date.day);
	return html`<tr><th scope="row">${monthWords(month)}</th><td class="number">${days.length - without.length}</td><td>${without.length === 0 ? "none" : ranges(without)}</td></tr>`;
}

/** `3, 5–7, 20` */
function ranges(numbers: readonly number[]): string {
	const found: [first: number, last: number][] = [];
	for (const number of numbers) {
		const range = found.at(-1);
		if (range?.[1] === number - 1) range[1] = number;
		else found.push([number, number]);
	}
	return found.map(([first, last]) => (first === last ? String(first) : `${first}–${last}`)).join(", ");
}
