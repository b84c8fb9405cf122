import { formatNumber } from "../../bytes/units.ts";
import { html, type Markup } from "../../markup/markup.ts";
import type { ReportedArchive, ReportFacts } from "./report-facts.ts";
import { durationWords, type ReportWords, shareWords, sizeWords } from "./report-words.ts";

/** What most people open the page for: is there a backup, and does it work? */
export function summary({ archives }: ReportFacts, words: ReportWords): Markup {
	const newest = archives.at(-1);
	const total = archives.reduce((sum, { size }) => sum + size, 0);
	return html`<section aria-label="At a glance"><dl class="cards">
${newest && card("Last backup", words.age(newest.time), words.minute(newest.time))}
${newest && card("Its size", sizeWords(newest.size), change(newest, archives.at(-2)))}
${card("Archives", formatNumber(archives.length), `${sizeWords(total)} in all`)}
${newest && verifiedCard(archives, words)}
${newest && drillCard(archives, words)}
</dl></section>`;
}

/** One number, and what belongs to it. */
function card(title: string, value: string, more: string, mood = ""): Markup {
	return html`<div class="card"><dt>${title}</dt><dd class="value ${mood}">${value}</dd><dd>${more}</dd></div>`;
}

function change({ size }: ReportedArchive, before: ReportedArchive | undefined): string {
	if (before === undefined) return "the first one";
	if (size === before.size) return "like the one before";
	if (before.size === 0) return `${sizeWords(0)} before`;
	const percent = Math.abs(size / before.size - 1) * 100;
	const shown =
		percent < 0.1 ? "less than 0.1" : percent >= 1000 ? "over 1,000" : Number(percent.toPrecision(2));
	return `${shown} % ${size > before.size ? "larger" : "smaller"} than before`;
}

function verifiedCard(archives: readonly ReportedArchive[], words: ReportWords): Markup {
	const found = lastOf(archives, ({ verified }) => verified);
	if (found === undefined) return card("Last verified", "never", "no archive was read back", "warn");
	const { fact, archive } = found;
	const which = archive === archives.at(-1) ? "the last backup" : words.minute(archive.time);
	return card("Last verified", words.age(new Date(fact.at)), `${fact.level} of ${which}`);
}

function drillCard(archives: readonly ReportedArchive[], words: ReportWords): Markup {
	const found = lastOf(archives, ({ drill }) => drill);
	if (found === undefined) return card("Last restore drill", "never", "no restore was tried", "warn");
	const { at, ok, sample, elapsedMs } = found.fact;
	const how = ok ? `${shareWords(sample)} restored in ${durationWords(elapsedMs)}` : "see below";
	return card(
		"Last restore drill",
		ok ? "passed" : "failed",
		`${words.age(new Date(at))}, ${how}`,
		ok ? "good" : "bad",
	);
}

interface Found<Fact> {
	readonly fact: Fact;
	readonly archive: ReportedArchive;
}

/** The latest of facts that some archives have. */
export function lastOf<Fact extends { readonly at: string }>(
	archives: readonly ReportedArchive[],
	factOf: (archive: ReportedArchive) => Fact | undefined,
): Found<Fact> | undefined {
	let last: Found<Fact> | undefined;
	for (const archive of archives) {
		const fact = factOf(archive);
		if (fact !== undefined && (last === undefined || Date.parse(fact.at) >= Date.parse(last.fact.at)))
			last = { fact, archive };
	}
	return last;
}
