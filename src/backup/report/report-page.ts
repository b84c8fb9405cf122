import { html, Markup } from "../../markup/markup.ts";
import { archiveTable } from "./archive-table.ts";
import { calendarSection } from "./calendar-section.ts";
import { DURATION_STEPS, SIZE_STEPS } from "./chart-scale.ts";
import { drillSection } from "./drill-section.ts";
import { PAGE_STYLE } from "./page-style.ts";
import type { ReportFacts } from "./report-facts.ts";
import { durationWords, ReportWords, sizeWords } from "./report-words.ts";
import { retentionSection } from "./retention-section.ts";
import { summary } from "./summary.ts";
import { type ChartPoint, timeChart } from "./time-chart.ts";

/**
 * The archives of a job as one HTML page that needs nothing else: no script, no font, no request. The browser is told to allow none either, so
 * that a name in it can do no harm.
 */
export function reportPage(facts: ReportFacts): string {
	const { archives, job, template, timeZone, now } = facts;
	const words = new ReportWords(facts);
	const title = `Backups${job === undefined ? "" : ` of ${job}`}`;
	const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Markup(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p><code>${template}</code></p>
<p>As of ${words.minute(now)}. Times are in ${timeZone}.</p>
</header>
<main>
${summary(facts, words)}
${archives.length === 0 ? html`<p>There is no archive of this template yet.</p>` : sections()}
</main>
</body>
</html>
`;
	return page.text;

	function sections(): Markup[] {
		return [
			sizeSection(facts, words),
			durationSection(facts, words),
			calendarSection(facts, words),
			retentionSection(facts, words),
			drillSection(facts, words),
			archiveTable(facts, words),
		];
	}
}

function sizeSection({ archives }: ReportFacts, words: ReportWords): Markup {
	const points = archives.map(({ time, size }) => ({ time, value: size }));
	return chartSection("Size", points, () =>
		timeChart(points, { title: "Size of the archives", steps: SIZE_STEPS, say: sizeWords, words }),
	);
}

/** Metadata has the start of a run, and the record when its archive was proven: the time between them. */
function durationSection({ archives }: ReportFacts, words: ReportWords): Markup {
	const points = archives.flatMap(({ time, elapsedMs }) =>
		elapsedMs === undefined ? [] : [{ time, value: elapsedMs }],
	);
	return chartSection("Duration", points, () => [
		html`<p>From the start of a run until its archive was verified.</p>`,
		timeChart(points, { title: "Duration of the runs", steps: DURATION_STEPS, say: durationWords, words }),
	]);
}

function chartSection(
	title: string,
	points: readonly ChartPoint[],
	chart: () => Markup | readonly Markup[],
): Markup {
	const id = title.toLowerCase();
	const shown = points.length < 2 ? html`<p>${tooFew(points.length)}</p>` : chart();
	return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${shown}
</section>`;
}

function tooFew(count: number): string {
	return count === 0 ? "No record tells it." : "There is only one value so far; the table has it.";
}
