import { basename, resolve } from "node:path";
import { secretFlaw } from "../../../../backup/config/read/secrets.ts";
import { checkJobName } from "../../../../backup/config/schema/config-schema.ts";
import { checkCron } from "../../../../backup/config/schema/cron.ts";
import { parseKeepCount } from "../../../../backup/retention/keep-rules.ts";
import type { KeyTemplate } from "../../../../backup/template/key-template.ts";
import { parseKeyTemplate } from "../../../../backup/template/parse-key-template.ts";
import { InvalidOptionError } from "../../../../errors.ts";
import { invalidOption } from "../../../../options/invalid-option.ts";
import { parseS3PrefixUrl } from "../../../../s3/address.ts";

/** Readers of what was typed, as an option or as an answer; all throw {@link InvalidOptionError}. */

/** Kept by default, daily, weekly and monthly. */
export const USUAL_KEEP = ["7", "4", "12"] as const;

const TIMES = "%Y-%m-%dT%H-%M-%SZ.zip";

/** A template, or the beginning of one. */
export function readTarget(typed: string, name: string): KeyTemplate {
	if (typed === "") throw new InvalidOptionError("a bucket is needed, such as s3://my-bucket/backups");
	if (typed.includes("%")) return parseKeyTemplate(typed, { name });
	const { bucket, prefix } = parseS3PrefixUrl(/^s3:/i.test(typed) ? typed : `s3://${typed}`);
	const folder = prefix === "" || prefix.endsWith("/") ? prefix : `${prefix}/`;
	const rest = prefix.includes("{name}") ? TIMES : `{name}/${TIMES}`;
	return parseKeyTemplate(`s3://${bucket}/${folder}${rest}`, { name });
}

export function readName(typed: string): string {
	checkJobName("name", typed);
	return typed;
}

/** A name for a backup of that source. */
export function nameOf(source: string): string {
	const plain = basename(resolve(source))
		.normalize("NFKD")
		.replace(/[^A-Za-z0-9_.-]+/g, "-");
	const name = plain.replace(/^[-.]+|-+$/g, "");
	return name === "" ? "backup" : name;
}

export function readSource(typed: string): string {
	if (typed !== "" && !typed.includes("\0")) return typed;
	throw invalidOption("source", "the path of a directory or file", typed);
}

/** @returns `undefined` for AWS */
export function readEndpoint(typed: string): string | undefined {
	if (typed === "") return undefined;
	const allowed = "a URL such as https://s3.example.com";
	if (!/^https?:\/\/[^/]/.test(typed) || !URL.canParse(typed))
		throw invalidOption("endpoint", allowed, typed);
	const flaw = secretFlaw(typed, "password");
	if (flaw !== undefined)
		throw new InvalidOptionError(`the URL ${flaw}; credentials come from the environment`);
	return typed;
}

/** Three numbers: daily, weekly, monthly; `all` removes nothing. */
export function readKeep(typed: string): Readonly<Record<string, string>> {
	if (typed === "all") return {};
	const counts = typed.split(/[\s,]+/);
	if (counts.length !== USUAL_KEEP.length)
		throw new InvalidOptionError(
			`three numbers, such as ${USUAL_KEEP.join(" ")}; or all, which removes nothing`,
		);
	const names = ["daily", "weekly", "monthly"];
	const rules = counts
		.map((count, index) => [names[index] ?? "", count] as const)
		.filter(([, count]) => count !== "0");
	for (const [name, count] of rules) parseKeepCount(name, count);
	return Object.fromEntries(rules);
}

/** A time of day, or a cron expression, as a cron expression. */
export function readSchedule(typed: string): string {
	const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(typed) ?? [];
	if (Number(hour) < 24 && Number(minute) < 60) return `${Number(minute)} ${Number(hour)} * * *`;
	if (hour !== undefined) throw new InvalidOptionError(`there is no time ${typed}`);
	checkCron("the time", typed);
	return typed;
}

export function readPingVariable(typed: string): string | undefined {
	if (typed === "") return undefined;
	if (/^[A-Za-z_]\w*$/.test(typed)) return typed;
	throw new InvalidOptionError(
		"the name of a variable such as PING_URL is needed, and not the URL: it is a secret",
	);
}
