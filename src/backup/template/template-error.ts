import type { Advice } from "../../advice/advice.ts";
import { InvalidOptionError } from "../../errors.ts";
import { shownValue } from "../../options/shown-value.ts";

/** For messages. */
export const TEMPLATE_EXAMPLE = "s3://my-bucket/photos/%Y-%m-%dT%H-%M-%SZ.zip";

/** @param wrong - Goes on behind the template: `has no date`. */
export function templateError(template: string, wrong: string, advice?: Advice): InvalidOptionError {
	return new InvalidOptionError(`the template ${shownValue(template)} ${wrong}`, { advice });
}

export function missingName(template: string): InvalidOptionError {
	const advice = { kind: "set-option", option: "name", example: "photos" } as const;
	return templateError(template, "has {name}, but no name was given", advice);
}
