import { hostname } from "node:os";
import { Temporal } from "temporal-polyfill";
import { parseS3Url } from "../../s3/address.ts";
import { checkTemplate } from "./check-template.ts";
import { DIRECTIVES, type DirectiveName } from "./directives.ts";
import type { KeyTemplate } from "./key-template.ts";
import { type KeyFields, momentsOf } from "./key-time.ts";
import { RECORD_SUFFIX } from "./own-objects.ts";
import { checkPlaceholder } from "./placeholder-value.ts";
import { type TemplatePart, templateParts } from "./template-parts.ts";
import { timeZoneOf } from "./time-zone.ts";

/** What a template needs besides its text. */
export interface KeyTemplateOptions {
	/** Fills `{name}`. */
	readonly name?: string | undefined;
	/**
	 * Fills `{host}`.
	 *
	 * @defaultValue the name of this machine
	 */
	readonly host?: string | undefined;
	/**
	 * IANA name of the zone in which times are written.
	 *
	 * @defaultValue `"UTC"`
	 */
	readonly timeZone?: string | undefined;
}

/** Years of four digits, in which offsets are whole minutes (but for Liberia, until 1972). */
const FIRST_MS = 0;
const END_MS = Date.UTC(9999, 11, 31);

/** All keys of a template are of the same size. */
const ANY_TIME = new Date(FIRST_MS);

/**
 * Reads a template such as `s3://bucket/{host}/{name}/%Y-%m-%dT%H-%M-%SZ.zip`.
 *
 * @throws {InvalidOptionError} if it is none, or if the time could not be read back from its keys.
 */
export function parseKeyTemplate(template: string, options: KeyTemplateOptions = {}): KeyTemplate {
	const { name, host = hostname() } = options;
	const timeZone = timeZoneOf(options.timeZone ?? "UTC");
	const { bucket, key } = parseS3Url(template);
	if (name !== undefined) checkPlaceholder("name", name);
	if (key.includes("{host}")) checkPlaceholder("host", host);
	const parts = templateParts(key, { name, host }, template);
	checkTemplate(parts, timeZone, template);
	const pattern = patternOf(parts);
	const keyAt = (time: Date): string => {
		const ms = time.getTime();
		if (!(ms >= FIRST_MS && ms < END_MS)) throw new RangeError("the time of an archive is from 1970 to 9999");
		return write(parts, Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone));
	};
	// The record of an archive needs a key as well.
	parseS3Url(`s3://${bucket}/${keyAt(ANY_TIME)}${RECORD_SUFFIX}`);
	parseS3Url(`s3://${bucket}/${keyAt(ANY_TIME)}`);
	const [first] = parts;
	return {
		bucket,
		text: template,
		timeZone,
		host,
		prefix: first?.type === "text" ? first.text : "",
		keyAt,
		timeOf(key) {
			const groups: KeyFields | undefined = pattern.exec(key)?.groups;
			if (groups === undefined) return undefined;
			return momentsOf(groups, timeZone)
				.map(({ epochMilliseconds }) => new Date(Math.max(epochMilliseconds, FIRST_MS)))
				.find((time) => time.getTime() < END_MS && keyAt(time) === key);
		},
	};
}

function write(parts: readonly TemplatePart[], time: Temporal.ZonedDateTime): string {
	return parts
		.map((part) => (part.type === "text" ? part.text : DIRECTIVES[part.directive].write(time)))
		.join("");
}

/** A directive that comes twice is read where it comes first; writing the key again tells whether they agree. */
function patternOf(parts: readonly TemplatePart[]): RegExp {
	const seen = new Set<DirectiveName>();
	const pieces = parts.map((part) => {
		if (part.type === "text") return part.text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
		const { pattern } = DIRECTIVES[part.directive];
		if (seen.has(part.directive)) return `(?:${pattern})`;
		seen.add(part.directive);
		return `(?<${part.directive}>${pattern})`;
	});
	return new RegExp(`^${pieces.join("")}$`, "su");
}
