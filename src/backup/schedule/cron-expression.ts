import { Cron } from "croner";
import { InvalidOptionError, messageOf } from "../../errors.ts";
import { invalidOption } from "../../options/invalid-option.ts";

/** A cron expression, over the hands of a clock: dates whose UTC fields are what a clock on the wall shows. */
export interface CronExpression {
	/** Whether every hour counts, `*`, `*\/4`: then runs follow elapsed time, and not what clocks show. */
	readonly everyHour: boolean;
	/** The next time after that, both as a clock shows them; `undefined` if there is none. */
	next(shown: number): number | undefined;
}

const ALLOWED =
	'a cron expression of five fields, such as "30 2 * * *", or six with seconds in front, or @daily';

/** Those that name no hour of their own. */
const HOURLY_NAME = /^@hourly$/i;
const EVERY_HOUR = /^(?:\*|\?|0-23)(?:\/\d+)?$/;

/**
 * Reads a cron expression.
 *
 * @param option - Whose value it is, for messages.
 * @throws {InvalidOptionError} if it is none, or its time never comes
 */
export function parseCron(text: string, option = "cron"): CronExpression {
	let cron: Cron;
	try {
		// As an offset and not as a zone: croner asks Intl about zones at every step.
		cron = new Cron(text, { paused: true, mode: "5-or-6-parts", utcOffset: 0 });
	} catch (error) {
		const { problem, ...facts } = invalidOption(option, ALLOWED, text);
		const reason = messageOf(error).replace(/^CronPattern: /, "");
		throw new InvalidOptionError(`${problem} (${reason})`, { option: facts.option });
	}
	const next = (shown: number) => cron.nextRun(new Date(shown))?.getTime();
	if (next(0) === undefined)
		throw new InvalidOptionError(`${option} ${JSON.stringify(text)} names a day that never comes`, {
			option,
		});
	return { everyHour: hasEveryHour(text), next };
}

function hasEveryHour(text: string): boolean {
	const fields = text.trim().split(/\s+/);
	const hour = fields.at(-4);
	return HOURLY_NAME.test(text.trim()) || (hour !== undefined && EVERY_HOUR.test(hour));
}
