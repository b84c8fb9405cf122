import type { Rolling } from "../../../backup/job.ts";
import { parseCalendarSpan } from "../../../backup/retention/calendar-span.ts";
import { InvalidOptionError } from "../../../errors.ts";
import type { Values } from "../option.ts";
import type { PUT_OPTIONS } from "../put-options.ts";
import type { ROLLING_OPTIONS } from "./rolling-options.ts";

/**
 * How the options want archives to be made of the ones before.
 *
 * @returns `undefined` if they do not
 * @throws {InvalidOptionError}
 */
export function rollingOf(
	values: Values<typeof ROLLING_OPTIONS> & Pick<Values<typeof PUT_OPTIONS>, "transport">,
): Rolling | undefined {
	if (values.rolling !== true) return undefined;
	if (values.transport === "lib-storage")
		throw new InvalidOptionError("--transport lib-storage cannot copy; leave out --rolling or --transport");
	const every = values["full-every"];
	return { fullEvery: every === undefined ? undefined : parseCalendarSpan("--full-every", every) };
}
