import { LEASE_SUFFIX, RECORD_SUFFIX } from "./own-objects.ts";
import { TEMPLATE_EXAMPLE, templateError } from "./template-error.ts";
import type { TemplatePart } from "./template-parts.ts";
import { changesClocks, isUtc } from "./time-zone.ts";

/** Directives that name a day together. */
const DATES = ["Ymd", "Yj", "GVu"] as const;

const TIME_OF_DAY = ["H", "M", "S"] as const;

/**
 * Refuses what could not be read back, or would say something untrue.
 *
 * @param whole - The template, for messages.
 * @throws {InvalidOptionError}
 */
export function checkTemplate(parts: readonly TemplatePart[], timeZone: string, whole: string): void {
	const found = new Set<string>(parts.flatMap((part) => (part.type === "time" ? [part.directive] : [])));
	if (found.size === 0)
		throw templateError(whole, `has no date, so that each archive would get the same key: ${example()}`);
	if (!DATES.some((letters) => [...letters].every((letter) => found.has(letter))))
		throw templateError(
			whole,
			`names no day: it needs %Y, %m and %d, or %Y and %j, or %G, %V and %u; ${example()}`,
		);
	for (const [index, letter] of TIME_OF_DAY.entries()) {
		const before = TIME_OF_DAY[index - 1];
		if (found.has(letter) && before !== undefined && !found.has(before))
			throw templateError(whole, `has %${letter} without %${before}`);
	}
	checkZone(parts, found, timeZone, whole);
	checkEnd(parts, whole);
}

function checkZone(
	parts: readonly TemplatePart[],
	found: ReadonlySet<string>,
	timeZone: string,
	whole: string,
): void {
	const utc = { kind: "set-option", option: "timeZone", value: "UTC" } as const;
	const saysUtc = parts.some((part, index) => {
		const before = parts[index - 1];
		const ofDay = before?.type === "time" && TIME_OF_DAY.some((letter) => letter === before.directive);
		return ofDay && part.type === "text" && /^Z(?!\p{L})/u.test(part.text);
	});
	if (saysUtc && !isUtc(timeZone))
		throw templateError(
			whole,
			`says with "Z" that its times are UTC, but they are those of ${timeZone}: write %z instead of Z`,
			utc,
		);
	if (found.has("H") && !found.has("z") && changesClocks(timeZone))
		throw templateError(
			whole,
			`would be ambiguous: when the clocks of ${timeZone} are put back, an hour occurs twice; add %z behind the time`,
			utc,
		);
}

/** Other objects lie beside the archives of a job. */
function checkEnd(parts: readonly TemplatePart[], whole: string): void {
	const last = parts.at(-1);
	const end = last?.type === "text" ? last.text.toLowerCase() : "";
	const taken = [RECORD_SUFFIX, LEASE_SUFFIX].find((suffix) => end.endsWith(suffix));
	if (taken !== undefined)
		throw templateError(
			whole,
			`ends in "${taken}", which is for what is noted about archives; let it end in ".zip"`,
		);
}

function example(): string {
	return `a template looks like ${TEMPLATE_EXAMPLE}`;
}
