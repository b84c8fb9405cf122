import { html, type Markup } from "../../markup/markup.ts";
import { formatCalendarSpan } from "../retention/calendar-span.ts";
import { type KeepPolicy, PERIODS } from "../retention/keep-policy.ts";
import type { ReportedArchive, ReportFacts } from "./report-facts.ts";
import { countWords, type ReportWords, sizeWords } from "./report-words.ts";

/** As many of those that go next are named. */
const MOST_NAMED = 10;

/** Which rule keeps what, and what goes next. */
export function retentionSection({ archives, policy }: ReportFacts, words: ReportWords): Markup {
	return html`<section aria-labelledby="retention">
<h2 id="retention">Retention</h2>
${policy === undefined ? html`<p>No policy was given: every archive stays.</p>` : [policyWords(policy), rules(archives, words), leaving(archives, words)]}
</section>`;
}

function policyWords(policy: KeepPolicy): Markup {
	const counts = (["last", ...PERIODS] as const).flatMap((rule) => {
		const count = policy[rule];
		return count === undefined ? [] : [`${Number.isFinite(count) ? count : "all"} ${rule}`];
	});
	const spans = Object.entries(SPANS).flatMap(([name, words]) => {
		const span = policy[name as keyof typeof SPANS]; // a key of SPANS
		return span === undefined ? [] : [`${words} ${formatCalendarSpan(span)}`];
	});
	return html`<p>Keeps ${[...counts, ...spans, `at least ${policy.min}`].join(" · ")}.</p>`;
}

const SPANS = {
	within: "all within",
	withinHourly: "hourly within",
	withinDaily: "daily within",
	withinWeekly: "weekly within",
	withinMonthly: "monthly within",
	withinYearly: "yearly within",
} as const satisfies Partial<Record<keyof KeepPolicy, string>>;

function rules(archives: readonly ReportedArchive[], words: ReportWords): Markup | undefined {
	const kept = new Map<string, { count: number; oldest: Date; newest: Date }>();
	for (const { keptBy = [], time } of archives)
		for (const rule of keptBy) {
			const { count = 0, oldest = time } = kept.get(rule) ?? {};
			kept.set(rule, { count: count + 1, oldest, newest: time });
		}
	if (kept.size === 0) return undefined;
	return html`<table>
<thead><tr><th scope="col">Rule</th><th scope="col" class="number">Keeps</th><th scope="col">From</th><th scope="col">To</th></tr></thead>
<tbody>${[...kept].map(([rule, { count, oldest, newest }]) => html`<tr><th scope="row" class="long">${rule}</th><td class="number">${count}</td><td class="day">${String(words.day(oldest))}</td><td class="day">${String(words.day(newest))}</td></tr>`)}</tbody>
</table>`;
}

function leaving(archives: readonly ReportedArchive[], words: ReportWords): Markup {
	const next = archives.filter(({ keptBy }) => keptBy?.length === 0);
	if (next.length === 0) return html`<p>Nothing goes next: a rule keeps each archive.</p>`;
	const size = next.reduce((sum, archive) => sum + archive.size, 0);
	const more = next.length - MOST_NAMED;
	return html`<p>${next.length === 1 ? "1 archive goes" : `${countWords(next.length, "archive")} go`} next, ${sizeWords(size)}:</p>
<ul>${next.slice(0, MOST_NAMED).map((archive) => html`<li>${words.minute(archive.time)}, ${sizeWords(archive.size)}${held(archive, words)}</li>`)}${more > 0 ? html`<li>and ${more} more</li>` : undefined}</ul>`;
}

function held({ lockedUntil }: ReportedArchive, words: ReportWords): string {
	return lockedUntil === undefined ? "" : `, locked until ${words.minute(lockedUntil)}`;
}
