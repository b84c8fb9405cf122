import { Cron } from "croner";
import { InvalidOptionError } from "../../../errors.ts";
import { shownValue } from "../../../options/shown-value.ts";

/** Croner takes times and seven fields as well. */
const FORM = /^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|\S+(\s+\S+){4,5})$/;

/** @throws {InvalidOptionError} for what is no cron expression, or one that never comes true */
export function checkCron(label: string, text: string): void {
	const says = (why: string) =>
		new InvalidOptionError(
			`${label} is a cron expression of five fields such as "30 2 * * *", not ${shownValue(text)}${why}`,
		);
	if (!FORM.test(text)) throw says("");
	let cron: Cron;
	try {
		cron = new Cron(text, { paused: true, timezone: "UTC" });
	} catch (error) {
		throw says(error instanceof Error ? `: ${error.message}` : "");
	}
	if (cron.nextRun() === null) throw says(", which is never");
}
