import { html, type Markup } from "../../markup/markup.ts";
import { scaleOf } from "./chart-scale.ts";
import type { ReportWords } from "./report-words.ts";

/** A value at a time. */
export interface ChartPoint {
	readonly time: Date;
	readonly value: number;
}

interface ChartOptions {
	/** What it shows, in short. */
	readonly title: string;
	readonly steps: readonly number[];
	readonly say: (value: number) => string;
	readonly words: ReportWords;
}

/** Points that can still be told from each other on a phone. */
const MOST_DOTS = 40;
/** The picture is stretched to the width of the page; lines and dots keep their shape. */
const WIDTH = 1000;
const HEIGHT = 100;

/**
 * Values over time. Its words are no part of the picture, so that they are as large on a phone as elsewhere.
 *
 * @param points - Oldest first, at least two.
 */
export function timeChart(points: readonly ChartPoint[], { title, steps, say, words }: ChartOptions): Markup {
	const values = points.map(({ value }) => value);
	const smallest = values.reduce((least, value) => Math.min(least, value));
	const largest = values.reduce((most, value) => Math.max(most, value));
	const scale = scaleOf(largest, steps);
	const top = scale.at(-1) ?? 1;
	const first = points[0]?.time.getTime() ?? 0;
	const last = points.at(-1)?.time.getTime() ?? 0;
	const places = points.map(({ time, value }) => ({
		x: round(((time.getTime() - first) / Math.max(1, last - first)) * WIDTH),
		y: round(HEIGHT - (value / top) * HEIGHT),
	}));
	const line = places.map(({ x, y }) => `${x} ${y}`).join("L");
	const spoken = `${title}: from ${say(smallest)} to ${say(largest)}, last ${say(values.at(-1) ?? 0)}. The table of archives has all values.`;
	const dots =
		points.length > MOST_DOTS
			? undefined
			: places.map(
					({ x, y }, index) =>
						html`<path class="dot" d="M${x} ${y}h0"><title>${titleOf(points[index])}</title></path>`,
				);
	return html`<div class="chart">
<div class="scale" aria-hidden="true">${scale.map((value) => html`<span style="bottom:${share(value, top)}">${say(value)}</span>`)}</div>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${spoken}">
${scale.map((value) => html`<path class="grid" d="M0 ${round(HEIGHT - (value / top) * HEIGHT)}h${WIDTH}"/>`)}
<path class="area" d="M0 ${HEIGHT}L${line}L${WIDTH} ${HEIGHT}Z"/>
<path class="line" d="M${line}"/>
${dots}</svg>
<div class="times" aria-hidden="true">${timeLabels(first, last, words).map((label) => html`<span>${label}</span>`)}</div>
</div>`;

	function titleOf(point: ChartPoint | undefined): string {
		return point === undefined ? "" : `${words.minute(point.time)}: ${say(point.value)}`;
	}
}

/** Days at the beginning, in the middle and at the end; of a shorter time, its ends to the minute. */
function timeLabels(first: number, last: number, words: ReportWords): readonly string[] {
	const times = [first, (first + last) / 2, last].map((time) => new Date(time));
	const days = times.map((time) => words.day(time).toString());
	if (new Set(days).size === days.length) return days;
	return [new Date(first), new Date(last)].map((time) => words.minute(time));
}

function share(value: number, top: number): string {
	return `${round((value / top) * 100)}%`;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}
